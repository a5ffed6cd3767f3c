"""A batch that waits: until when, why, and who is woken then.

The moment is in the state, so it outlives the session. An interactive session ends its turn and is woken
by the monitor; a headless one has none, and its next step waits for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from batch_implement.model.progress import NOTHING
from batch_implement.oversight.ownership import works_on
from batch_implement.state.journal import Transition
from batch_implement.system import clock

if TYPE_CHECKING:
    from datetime import datetime

    from batch_implement.model.progress import Fields
    from batch_implement.oversight.ownership import Session


def wait_until(now: datetime, seconds: float, reason: str) -> dict[str, Any]:
    """The state's ``wake`` field."""
    seconds = max(0.0, seconds)
    at = clock.timestamp(now + timedelta(seconds=seconds))
    return {"at": at, "seconds": round(seconds, 1), "reason": reason}


def seconds_left(fields: Fields, now: datetime) -> float:
    """How long the batch still waits; 0 when it does not.

    A clock that was set back by days must not make a wait of minutes one of days, so no more is waited
    than was decided on.
    """
    wake = fields.get("wake")
    if not wake:
        return 0.0
    left = (clock.parse_timestamp(wake["at"]) - now).total_seconds()
    decided = float(wake.get("seconds", left))
    return max(0.0, min(left, decided))


def woken(fields: Fields) -> Transition:
    """The wait is over."""
    return Transition("woken", {"wake": None}) if fields.get("wake") else NOTHING


def claim_wake(fields: Fields, now: datetime, session: Session) -> Transition:
    """The wait is over and this monitor says so; nothing when it is not, or another one has said it."""
    due = fields.get("wake") and seconds_left(fields, now) <= 0.0
    if due and works_on(fields, session):
        return Transition("woken", {"wake": None})
    return NOTHING


def local_time(fields: Fields) -> str:
    """``14:05`` on this machine, for a person."""
    return clock.parse_timestamp(fields["wake"]["at"]).astimezone().strftime("%H:%M")
