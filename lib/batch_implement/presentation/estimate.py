"""How long a batch may take, from how long features of the same project took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.presentation.standing import counted
from batch_implement.system.clock import duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batch_implement.model.batch import Batch

# Fewer say nothing of the next one.
_ENOUGH = 5


def estimated(past: Iterable[Batch], features: int) -> str:
    """A range: as if each took as long as the quickest quarter did at most, and as the slowest at least."""
    times = sorted(
        proof.worked_seconds for batch in past for proof in batch.evidence.values() if proof.worked_seconds
    )
    if len(times) < _ENOUGH:
        return f"unknown until {_ENOUGH} features were done in this project"
    quick, slow = times[len(times) // 4], times[len(times) * 3 // 4]
    return (
        f"{duration(quick * features)} to {duration(slow * features)}, "
        f"going by {counted(len(times), 'feature')} done before"
    )
