"""When a batch stood still, so that no pause counts as work.

It is written down where the standing still ends: whoever goes on with the batch calls :func:`rested`.
"""

from __future__ import annotations

from batch_implement.model.record import replace
from batch_implement.model.standstill import Rest
from batch_implement.system.clock import seconds_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.model.batch import Batch


def rested(batch: Batch, at: str) -> Batch:
    """The batch with its pause and its waits, which end now, written down."""
    return replace(batch, rests=(*batch.rests, *_ending(batch, at)))


def left_alone(batch: Batch, at: str) -> Batch:
    """The batch with the time since its last transition written down, as no session has worked on it."""
    return replace(batch, rests=(*batch.rests, *_away(batch, at)))


def worked_seconds(batch: Batch, since: str, until: str, *, is_away: bool = False) -> float:
    """The seconds between two times in which it did not stand still.

    ``is_away``: no session has worked on it since its last transition.
    """
    rests = (*batch.rests, *_ending(batch, until), *(_away(batch, until) if is_away else ()))
    within = sorted((max(rest.since, since), min(rest.until, until)) for rest in rests)
    seconds, counted = seconds_between(since, until), since
    for begin, end in within:
        seconds -= seconds_between(max(begin, counted), max(end, counted))
        counted = max(end, counted)
    return max(0.0, seconds)


def rested_seconds(batch: Batch) -> dict[str, float]:
    """How long it stood still, by the kind of it."""
    found: dict[str, float] = {}
    for rest in batch.rests:
        found[rest.kind] = found.get(rest.kind, 0.0) + seconds_between(rest.since, rest.until)
    return found


def _ending(batch: Batch, at: str) -> Iterator[Rest]:
    if batch.pause is not None and batch.pause.since:
        yield Rest(kind="paused", since=batch.pause.since, until=at)
    for wait in batch.waits:
        if wait.since:
            yield Rest(kind="waiting", since=wait.since, until=at)


def _away(batch: Batch, at: str) -> Iterator[Rest]:
    if batch.is_going and batch.updated_at:
        yield Rest(kind="away", since=batch.updated_at, until=at)
