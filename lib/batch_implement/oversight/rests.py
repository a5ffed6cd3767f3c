"""When a batch stood still, so that no pause counts as work.

It is written down where the standing still ends: whoever goes on with the batch calls :func:`rested`.
"""

from __future__ import annotations

from batch_implement.model.record import replace
from batch_implement.system.clock import seconds_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.model.batch import Batch
    from batch_implement.model.kinds import RestKind

    Interval = tuple[RestKind, str, str]


def rested(batch: Batch, at: str) -> Batch:
    """The batch with its pause and its waits, which end now, written down."""
    return _with_rests(batch, _ending(batch, at))


def left_alone(batch: Batch, at: str) -> Batch:
    """The batch with the time since its last transition written down, as no session has worked on it."""
    return _with_rests(batch, _away(batch, at))


def worked_seconds(batch: Batch, since: str, until: str, *, is_away: bool = False) -> float:
    """The seconds between two times in which it did not stand still.

    ``is_away``: no session has worked on it since its last transition.
    """
    rests = [(rest.since, rest.until) for rest in batch.rests]
    rests += [(begin, end) for _, begin, end in _ending(batch, until)]
    rests += [(begin, end) for _, begin, end in _away(batch, until)] if is_away else []
    within = sorted((max(begin, since), min(end, until)) for begin, end in rests)
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


def _with_rests(batch: Batch, ended: Iterator[Interval]) -> Batch:
    from batch_implement.model.standstill import Rest  # noqa: PLC0415 -- most who look at times write none

    rests = (Rest(kind=kind, since=since, until=until) for kind, since, until in ended)
    return replace(batch, rests=(*batch.rests, *rests))


def _ending(batch: Batch, at: str) -> Iterator[Interval]:
    if batch.pause is not None and batch.pause.since:
        yield "paused", batch.pause.since, at
    for wait in batch.waits:
        if wait.since:
            yield "waiting", wait.since, at


def _away(batch: Batch, at: str) -> Iterator[Interval]:
    if batch.is_going and batch.updated_at:
        yield "away", batch.updated_at, at
