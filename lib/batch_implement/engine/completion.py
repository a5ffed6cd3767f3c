"""What the state keeps of a feature that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.operation import commit_record
from batch_implement.model import progress
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.scheduling.holds import release_dependents
from batch_implement.system import clock
from batch_implement.system.text.secrets import redact

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit
    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import Evidence


def completed(batch: Batch, index: int, evidence: Evidence, commit: Commit | None, *, at: str) -> Transition:
    """The transition by which a feature becomes completed; nothing when it is already."""
    if index in batch.completed_features:
        return NOTHING
    attempt = batch.open_attempts.get(index)
    worked = clock.seconds_between(attempt.started_at, at) if attempt is not None else 0.0
    proof = replace(
        evidence,
        worked_seconds=round(worked, 1),
        commit=commit.sha if commit is not None else "",
        said=redact(attempt.said) if attempt is not None else "",
    )
    after = progress.complete(batch, index, proof, at=at)
    if commit is not None:
        after = progress.with_operation(after, index, "commit", commit_record(commit, at))
    after = replace(after, held=release_dependents(after, index))
    return Transition("completed", after, feature=index + 1, evidence=proof)
