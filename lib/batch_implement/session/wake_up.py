"""Wakes an idle session of a batch without a monitor: one that was continued, or cleared by the user.

A monitor begins when the batch's command is typed, so it is missing where a session goes on with a batch
that an earlier process of it began. This hook runs beside the session instead, and its end wakes it.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

from batch_implement.errors import BatchImplementError
from batch_implement.lifecycle.assignment import MARK
from batch_implement.lifecycle.ownership import is_owner
from batch_implement.lifecycle.project import Project
from batch_implement.lifecycle.waking import will_be_woken
from batch_implement.session.monitor import POLL_SECONDS, WAIT_IS_OVER, wakes_now
from batch_implement.state.progress import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.lifecycle.ownership import Session

# The status by which Claude Code is told to wake the session with what is on standard error.
WAKE = 2
# The hook that writes down until when to wait begins at the same time as this one.
_POLLS_WITHOUT_WAIT = 20


def wake_up(root: Path, session: Session, event: Mapping[str, Any]) -> int:
    """The status to end with; what wakes the session has been said when it is :data:`WAKE`."""
    said = _reason(Project(root, session), begins=event.get("hook_event_name") == "SessionStart")
    if said:
        print(said, file=sys.stderr)  # noqa: T201 -- its answer
    return WAKE if said else 0


def _reason(project: Project, *, begins: bool) -> str:
    """What to wake the session with, when it is time to; ``""`` for never."""
    if not project.session.attended or not _goes_on(project):
        return ""
    if begins and not project.state.read().get("wake"):
        return f"{MARK} Go on with the batch."
    return "" if will_be_woken(project.root, project.session) else _keep_time(project)


def _keep_time(project: Project) -> str:
    parent, polls, waited = os.getppid(), 0, False
    while os.getppid() == parent and _goes_on(project):
        if wakes_now(project.state, project.session):
            return WAIT_IS_OVER
        waiting = bool(project.state.read().get("wake"))
        if waited and not waiting:
            return ""  # somebody else has ended the wait
        waited, polls = waited or waiting, polls + 1
        if not waited and polls > _POLLS_WITHOUT_WAIT:
            return ""
        time.sleep(POLL_SECONDS)
    return ""


def _goes_on(project: Project) -> bool:
    """Whether the batch is going on, and is this session's."""
    try:
        fields = project.state.read()
    except (BatchImplementError, OSError):
        return False
    return fields["status"] in RUNNING and is_owner(fields, project.session)
