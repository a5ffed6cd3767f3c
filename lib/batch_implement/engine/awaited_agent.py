"""While its agent is at work a feature is neither done nor failed, whatever is said of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from batch_implement.engine.outcome import Outcome
from batch_implement.model.progress import NOTHING
from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import is_at_work
from batch_implement.presentation.prompts import MARK
from batch_implement.state.journal import Transition

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields

# Nobody tells when an agent was stopped, so waiting comes to an end; each time takes as long as a call may.
MAX_AWAITED = 20
_LOOK_SECONDS = 0.2


def await_agent(project: Project, number: int, *, wait: float) -> Outcome | None:
    """Wait for the agent of feature ``number`` (from 1), ``wait`` seconds at most; None when it has ended.

    What it has written so far may pass the check, and what it goes on to write would be the next feature's.
    A person, who calls from outside of a session, knows what they do.
    """
    if not _is_awaited(project, project.state.read(), number):
        return None
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        if not is_at_work(project.state.read()):
            return None
    fields = project.state.update(_count)
    if not is_at_work(fields):
        return None
    return Outcome(
        "waiting",
        f"{MARK} The agent of feature {number} is still at work. End your turn now, without doing anything; "
        "you are woken when it has ended. Then run the same command again.",
    )


def _is_awaited(project: Project, fields: Fields, number: int) -> bool:
    attempt = fields.get("attempt") or {}
    session = project.session
    if not session.session_id or not works_on(fields, session):
        return False
    if attempt.get("feature_index") != number - 1 or int(attempt.get("awaited", 0)) >= MAX_AWAITED:
        return False
    return is_at_work(fields)


def _count(fields: Fields) -> Transition:
    if not is_at_work(fields):
        return NOTHING
    attempt = fields["attempt"]
    awaited = int(attempt.get("awaited", 0)) + 1
    details = {"feature": attempt["feature_index"] + 1, "awaited": awaited}
    return Transition("awaited", {"attempt": {**attempt, "awaited": awaited}}, details)
