"""Wakes an idle session of a batch when a wait is over, or when it was continued, or cleared by the user.

It runs beside the session after a turn has ended, and its end with :data:`WAKE` begins the next one.
"""

from __future__ import annotations

import os
import sys
import time

from batch_implement.errors import BatchImplementError
from batch_implement.oversight.ownership import works_on
from batch_implement.presentation.standing import MARK
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Transition
    from batch_implement.oversight.session import Session

# The status by which Claude Code is told to wake the session with what is on standard error.
WAKE = 2
POLL_SECONDS = 2.0
WAIT_IS_OVER = f"{MARK} The wait is over. Run: batch-implement next"
# After a failure of the API the hook that writes down until when to wait begins at the same time as this one.
_POLLS_WITHOUT_WAIT = {"StopFailure": 20}


def wake_when_due(home: str, session: Session, event: Mapping[str, Any]) -> int:
    """The status to end with; what wakes the session has been said when it is :data:`WAKE`."""
    said = _reason(home, session, str(event.get("hook_event_name")))
    if said:
        print(said, file=sys.stderr)  # noqa: T201 -- its answer
    return WAKE if said else 0


def _reason(home: str, session: Session, event: str) -> str:
    """What to wake the session with, when it is time to; ``""`` for never."""
    state = StateFile(state_file(home))
    if not session.attended or not _goes_on(state, session):
        return ""
    waits = bool(state.read().waits)
    if event == "SessionStart" and not waits:
        return f"{MARK} Go on with the batch."
    if not waits and event not in _POLLS_WITHOUT_WAIT:
        return ""
    from batch_implement.oversight.time_keeper import announce_keeper, time_is_kept  # noqa: PLC0415 -- seldom

    if time_is_kept(home, session):
        return ""
    announce_keeper(home, session)
    return _keep_time(state, session, _POLLS_WITHOUT_WAIT.get(event, 0))


def _keep_time(state: StateFile, session: Session, polls_without_wait: int) -> str:
    parent, polls, waited = os.getppid(), 0, False
    while os.getppid() == parent and _goes_on(state, session):
        if wakes_now(state, session):
            return WAIT_IS_OVER
        waiting = bool(state.read().waits)
        if waited and not waiting:
            return ""  # somebody else has ended the wait
        waited, polls = waited or waiting, polls + 1
        if not waited and polls > polls_without_wait:
            return ""
        time.sleep(POLL_SECONDS)
    return ""


def wakes_now(state: StateFile, session: Session) -> bool:
    """Whether this one is to wake its session now: the first to take the wait off the state."""
    from batch_implement.oversight.waits import claim_wake  # noqa: PLC0415 -- most have no time to keep
    from batch_implement.system import clock  # noqa: PLC0415 -- the same

    claimed = False

    def claim(batch: Batch) -> Transition:
        nonlocal claimed
        transition = claim_wake(batch, clock.utc_now(), session)
        claimed = transition.after is not None
        return transition

    try:
        if state.exists() and state.read().waits:
            state.update(claim)
    except (BatchImplementError, OSError):
        return False  # the batch has ended meanwhile, or its state is being mended
    return claimed


def _goes_on(state: StateFile, session: Session) -> bool:
    """Whether the batch is going on, and is this session's."""
    try:
        batch = state.read()
    except (BatchImplementError, OSError):
        return False
    return works_on(batch, session)
