"""Where a batch stands, and the transitions that move it: pure functions of the batch."""

from __future__ import annotations

from batch_implement.model import attempts
from batch_implement.model.evidence import Failure
from batch_implement.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import Evidence, Operation


def complete(batch: Batch, index: int, evidence: Evidence, *, at: str) -> Batch:
    """The batch with a feature done; its attempt is filed, an earlier failure is forgotten."""
    completed = batch.completed_features
    if index not in completed:
        completed = (*completed, index)
    check = batch.check
    if check is not None and evidence.tests_after is not None:
        check = replace(check, tests=evidence.tests_after, counts=evidence.counts, results=evidence.results)
    after = replace(
        attempts.end(batch, index, at=at, error="", proof=evidence),
        completed_features=completed,
        failed_features=_other_failures(batch, index),
        evidence={**batch.evidence, index: replace(evidence, results="")},
        check=check,
        stalls=None,
    )
    return advanced(after)


def fail(batch: Batch, index: int, error: str, evidence: Evidence, *, at: str) -> Batch:
    """The batch with a feature given up; its attempt is filed."""
    failure = Failure(
        feature_index=index,
        error_message=error,
        timestamp=at,
        retry_count=batch.retry_attempts.get(index, 0),
    )
    after = replace(
        attempts.end(batch, index, at=at, error=error),
        failed_features=(*_other_failures(batch, index), failure),
        evidence={**batch.evidence, index: evidence},
        stalls=None,
    )
    return advanced(after)


def try_again(batch: Batch, index: int, error: str, *, at: str, retries: int) -> Batch:
    """The attempt is filed, its work stays in its workspace, and the feature is open again."""
    return replace(
        attempts.end(batch, index, at=at, error=error, goes_on=True),
        retry_attempts={**batch.retry_attempts, index: retries},
        stalls=None,
    )


def advanced(batch: Batch) -> Batch:
    """The batch with its position past all that are processed; it never moves back."""
    processed = frozenset(batch.completed_features) | batch.failed
    order, position = batch.order, batch.current_index
    while position < len(order) and order[position] in processed:
        position += 1
    return replace(batch, current_index=position)


def with_operation(batch: Batch, index: int, name: str, operation: Operation) -> Batch:
    """The batch with what git or GitHub did for a feature put in."""
    done = {**batch.git_operations.get(index, {}), name: operation}
    return replace(batch, git_operations={**batch.git_operations, index: done})


def _other_failures(batch: Batch, index: int) -> tuple[Failure, ...]:
    return tuple(failure for failure in batch.failed_features if failure.feature_index != index)
