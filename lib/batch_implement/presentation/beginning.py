"""The beginning of a batch: what the person is shown, and what Claude is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.presentation.consents import FIRST_RUN, RETRIES_UNANSWERED
from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.plan import summary
from batch_implement.system.settings.consent import RETRIES

if TYPE_CHECKING:
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.model.outcomes import Outcome
    from batch_implement.presentation.answer import Answer

_ASKING = FIRST_RUN[RETRIES]
_ASK = (
    f"First ask the user, with AskUserQuestion, in these words: {_ASKING.question} (Yes / No). The answer is "
    "kept by itself."
)


def answer_to_start(plan: BatchPlan, outcome: Outcome, *, is_unanswered: bool, attended: bool) -> Answer:
    """``is_unanswered``: nobody has said yet whether failed features may be tried again."""
    answer = answer_to(outcome)
    if answer.kind == "refused":
        return answer
    begun = f"Batch {plan.batch_id} has begun.\n{summary(plan)}"
    asked, shown = ("", "")
    if is_unanswered:
        asked, shown = (_ASK, _ASKING.text) if attended else ("", RETRIES_UNANSWERED)
    return replace(answer, text=_joined(begun, asked, answer.text), shown=_joined(begun, shown))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
