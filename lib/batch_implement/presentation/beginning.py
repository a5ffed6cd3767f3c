"""The beginning of a batch: what the person is shown, and what Claude is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.model.outcomes import Paused
from batch_implement.presentation.consents import RETRIES_UNANSWERED
from batch_implement.presentation.outcomes import answer_to
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.plan import summary

if TYPE_CHECKING:
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.model.outcomes import Outcome
    from batch_implement.presentation.answer import Answer


def answer_to_start(plan: BatchPlan, outcome: Outcome, *, is_unanswered: bool) -> Answer:
    """``is_unanswered``: nobody has said yet whether failed features may be tried again."""
    answer = answer_to(outcome)
    if answer.kind == "refused":
        return answer
    if isinstance(outcome, Paused):
        not_begun = f"{reason_of(outcome.pause).strip()}\nThen go on: /batch-implement --resume"
        return replace(answer, shown=_joined(summary(plan), not_begun))
    begun = f"Batch {plan.batch_id} has begun.\n{summary(plan)}"
    consent = RETRIES_UNANSWERED if is_unanswered else ""
    return replace(answer, text=_joined(begun, answer.text), shown=_joined(begun, consent))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
