"""Wakes an idle session of a batch without a monitor: one that was continued, or cleared by the user.

A monitor begins when the batch's command is typed, so it is missing where a session goes on with a batch
that an earlier process of it began. This hook runs beside the session instead, and its end wakes it.
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

    from batch_implement.oversight.session import Session

# The status by which Claude Code is told to wake the session with what is on standard error.
WAKE = 2
# The hook that writes down until when to wait begins at the same time as this one.
_POLLS_WITHOUT_WAIT = 20


def wake_when_due(home: str, session: Session, event: Mapping[str, Any]) -> int:
    """The status to end with; what wakes the session has been said when it is :data:`WAKE`."""
    said = _reason(home, session, begins=event.get("hook_event_name") == "SessionStart")
    if said:
        print(said, file=sys.stderr)  # noqa: T201 -- its answer
    return WAKE if said else 0


def _reason(home: str, session: Session, *, begins: bool) -> str:
    """What to wake the session with, when it is time to; ``""`` for never."""
    state = StateFile(state_file(home))
    if not session.attended or not _goes_on(state, session):
        return ""
    if begins and not state.read().waits:
        return f"{MARK} Go on with the batch."
    from batch_implement.oversight.monitor_presence import will_be_woken  # noqa: PLC0415 -- most need not know

    return "" if will_be_woken(home, session) else _keep_time(state, session)


def _keep_time(state: StateFile, session: Session) -> str:
    from batch_implement.execution.in_session.monitor import (  # noqa: PLC0415 -- most have no time to keep
        POLL_SECONDS,
        WAIT_IS_OVER,
        wakes_now,
    )

    parent, polls, waited = os.getppid(), 0, False
    while os.getppid() == parent and _goes_on(state, session):
        if wakes_now(state, session):
            return WAIT_IS_OVER
        waiting = bool(state.read().waits)
        if waited and not waiting:
            return ""  # somebody else has ended the wait
        waited, polls = waited or waiting, polls + 1
        if not waited and polls > _POLLS_WITHOUT_WAIT:
            return ""
        time.sleep(POLL_SECONDS)
    return ""


def _goes_on(state: StateFile, session: Session) -> bool:
    """Whether the batch is going on, and is this session's."""
    try:
        batch = state.read()
    except (BatchImplementError, OSError):
        return False
    return works_on(batch, session)
