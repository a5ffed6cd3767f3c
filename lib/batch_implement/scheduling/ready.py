"""What may begin now: one pure function of the batch and of how much may be worked at the same time."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from batch_implement.model.batch import Batch

ONE_AT_A_TIME = 1


def ready(batch: Batch, capacity: int = ONE_AT_A_TIME) -> tuple[int, ...]:
    """The features to begin, so that no more than ``capacity`` are at work with those that are.

    One at a time they come in the execution order, whatever became of the one before. Several at once, a
    feature waits for what it needs to be done or given up, for those of its group that are at work, and,
    after a failure, for its own time; of what is left the lighter come first. Features that wait for each
    other begin in the execution order.
    """
    free = capacity - len(batch.open_attempts)
    if free <= 0:
        return ()
    waiting = [index for index in batch.left if index not in batch.open_attempts]
    if capacity == ONE_AT_A_TIME:
        return tuple(waiting[:1])
    place = {index: number for number, index in enumerate(batch.order)}
    free_to_begin = [index for index in waiting if _may_begin(batch, index)]
    if not free_to_begin and not batch.open_attempts and not batch.waits:
        return tuple(waiting[:1])
    free_to_begin.sort(key=lambda index: (batch.features[index].weight, place[index]))
    return _apart(batch, free_to_begin, free)


def current_feature(batch: Batch) -> int | None:
    """One at a time: the feature at work, else the one that comes next; None when none is left."""
    return next(iter((*batch.open_attempts, *ready(batch))), None)


def _may_begin(batch: Batch, index: int) -> bool:
    left = batch.left
    waits = any(wait.feature in {None, index} for wait in batch.waits)
    return not waits and not any(need.on in left for need in batch.features[index].needs)


def _apart(batch: Batch, candidates: Iterable[int], most: int) -> tuple[int, ...]:
    """The first of them, no two of one group, none of a group that is at work."""
    taken = {batch.features[index].group for index in batch.open_attempts}
    chosen: list[int] = []
    for index in candidates:
        group = batch.features[index].group
        if len(chosen) < most and (not group or group not in taken):
            chosen.append(index)
            taken.add(group)
    return tuple(chosen)
