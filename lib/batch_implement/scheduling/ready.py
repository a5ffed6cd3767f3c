"""What may begin now: one pure function of the batch and of how much may be worked at the same time."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    asleep = {wait.feature for wait in batch.waits}
    if None in asleep:
        return ()
    place = {index: number for number, index in enumerate(batch.left)}
    free_to_begin = [index for index in waiting if index not in asleep and not _lacks(batch, index, place)]
    free_to_begin.sort(key=lambda index: (batch.features[index].weight, place[index]))
    return _apart(batch, free_to_begin, free)


def current_feature(batch: Batch) -> int | None:
    """One at a time: the feature at work, else the one that comes next; None when none is left."""
    return next(iter((*batch.open_attempts, *ready(batch))), None)


def _lacks(batch: Batch, index: int, place: Mapping[int, int]) -> bool:
    """Whether something that a feature has to wait for is left; ``place`` is the order of what is.

    In a circle of features that need each other those that come before it, and no others.
    """
    needs = {need.on for need in batch.features[index].needs if need.on in place}
    if not needs or any(place[on] < place[index] for on in needs):
        return bool(needs)
    circle = {one for one in _beneath(batch, index, place) if index in _beneath(batch, one, place)}
    return bool(needs - circle) or any(place[one] < place[index] for one in circle)


def _beneath(batch: Batch, index: int, place: Mapping[int, int]) -> set[int]:
    """All that is left of what a feature needs, directly or through another; itself only in a circle."""
    found: set[int] = set()
    unseen = [index]
    while unseen:
        needs = {need.on for need in batch.features[unseen.pop()].needs}
        new = {on for on in needs if on in place} - found
        found |= new
        unseen += new
    return found


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
