"""The beginning of a batch: what the person is shown, and what Claude is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.plan import summary
from batch_implement.recovery.consent import FIRST_RUN_TEXT, QUESTION

if TYPE_CHECKING:
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.model.outcomes import Outcome
    from batch_implement.presentation.answer import Answer

_ASK = (
    f"First ask the user, with AskUserQuestion: {QUESTION} (Yes / No). Then run: batch-implement "
    "consent retry yes (or no)."
)


def answer_to_start(plan: BatchPlan, outcome: Outcome, *, asks_for_consent: bool) -> Answer:
    """``asks_for_consent``: nobody has said yet whether failed features may be tried again."""
    answer = answer_to(outcome)
    if answer.kind == "refused":
        return answer
    begun = f"Batch {plan.batch_id} has begun.\n{summary(plan)}"
    asked, shown = (_ASK, FIRST_RUN_TEXT) if asks_for_consent else ("", "")
    return replace(answer, text=_joined(begun, asked, answer.text), shown=_joined(begun, shown))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
