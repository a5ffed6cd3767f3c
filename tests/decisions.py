"""Decisions on a batch, for the tests of the state and for the programs that they start."""

from __future__ import annotations

from batch_implement.model import progress
from batch_implement.model.evidence import Evidence
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Decide

AT = "2026-01-31T08:05:00.000000Z"


def setting(event: str = "noted", **fields: Any) -> Decide:
    """These fields, whatever the batch is."""
    return lambda batch: Transition(event, replace(batch, **fields))


def counted(amount: int = 1) -> Decide:
    """So many tokens more."""
    return lambda batch: Transition("tokens", _with_tokens(batch, amount))


def completed(index: int, tokens: int = 0) -> Decide:
    def decide(batch: Batch) -> Transition:
        after = progress.complete(batch, index, Evidence(), at=AT)
        return Transition("completed", _with_tokens(after, tokens), feature=index + 1)

    return decide


def failed(index: int, error: str, tokens: int = 0) -> Decide:
    def decide(batch: Batch) -> Transition:
        after = progress.fail(batch, index, error, Evidence(), at=AT)
        return Transition("failed", _with_tokens(after, tokens), feature=index + 1, error=error)

    return decide


def _with_tokens(batch: Batch, amount: int) -> Batch:
    return replace(batch, context_token_estimate=batch.context_token_estimate + amount)
