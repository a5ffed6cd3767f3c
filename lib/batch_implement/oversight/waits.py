"""A batch that waits: until when, why, and who is woken then.

The moment is in the state, so it outlives the session. An interactive session ends its turn and is woken
by a hook beside it; a headless one has none, and its next step waits for it.
"""

from __future__ import annotations

from batch_implement.model.batch import Wait
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.rests import rested
from batch_implement.scheduling.ready import current_feature
from batch_implement.system import clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session

# Longer than any look at an error takes; it stands when that is cut off.
_FIRST_SECONDS = 30


def wait_until(now: datetime, seconds: float, reason: str, feature: int | None = None) -> Wait:
    """A wait of so many seconds from now, of one feature or of all."""
    seconds = max(0.0, seconds)
    at = clock.timestamp(clock.after(now, seconds))
    since = clock.timestamp(now)
    return Wait(at=at, since=since, seconds=round(seconds, 1), reason=reason, feature=feature)


def first_wait() -> Wait:
    """Of everything, after a failure of the API, until its words have been looked at."""
    since, at = clock.current_timestamp(), clock.current_timestamp(later=_FIRST_SECONDS)
    return Wait(
        at=at, since=since, seconds=float(_FIRST_SECONDS), reason="the API has failed", is_judged=False
    )


def awaits_judgement(batch: Batch) -> bool:
    """Whether it is going on, and waits for it still to be decided how long."""
    return batch.is_going and not all(wait.is_judged for wait in batch.waits)


def with_wait(batch: Batch, wait: Wait) -> Batch:
    """The batch with a wait in place of an earlier one for the same, which it goes on from."""
    others = tuple(one for one in batch.waits if one.feature != wait.feature)
    earlier = next((one.since for one in batch.waits if one.feature == wait.feature), "")
    return replace(batch, waits=(*others, replace(wait, since=earlier or wait.since)))


def current_wait(batch: Batch) -> Wait | None:
    """What keeps everything from going on: a limit, or the wait of the feature that is next; the longest."""
    if not batch.waits:
        return None
    next_one = current_feature(batch)
    blocking = [wait for wait in batch.waits if wait.feature is None or wait.feature == next_one]
    return max(blocking, key=lambda wait: wait.at, default=None)


def seconds_left(wait: Wait, now: datetime) -> float:
    """How long a wait goes on.

    A clock that was set back by days must not make a wait of minutes one of days, so no more is waited
    than was decided on.
    """
    left = (clock.parse_timestamp(wait.at) - now).total_seconds()
    return max(0.0, min(left, wait.seconds or left))


def woken(batch: Batch) -> Transition:
    """The current wait is over, and with it those that were to end before."""
    wait = current_wait(batch)
    if wait is None:
        return NOTHING
    still = tuple(one for one in batch.waits if one.at > wait.at)
    ended = replace(batch, waits=tuple(one for one in batch.waits if one.at <= wait.at))
    return Transition("woken", replace(rested(ended, clock.current_timestamp()), waits=still))


def claim_wake(batch: Batch, now: datetime, session: Session) -> Transition:
    """The wait is over and this hook says so; nothing when it is not, or another one has said it."""
    wait = current_wait(batch)
    due = wait is not None and seconds_left(wait, now) <= 0.0
    return woken(batch) if due and works_on(batch, session) else NOTHING
