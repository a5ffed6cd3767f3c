"""A headless session that a script has started takes the batch of a dead session, where that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.engine.project import Project
from batch_implement.model.progress import NOTHING, RUNNING
from batch_implement.oversight.ownership import owner_is_alive, owner_record, works_on
from batch_implement.presentation.prompts import resumed
from batch_implement.state.journal import Transition
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.model.progress import Fields
    from batch_implement.oversight.ownership import Session

SETTING = "BATCH_AUTO_RESUME"


def first_message(root: str, session: Session) -> str:
    """What the session begins with, the batch being its own now; ``""`` when that is not wanted.

    Of several sessions that are started at once one gets it.
    """
    project = Project(Path(root), Path(root), session)
    if not project.config.flag(SETTING):
        return ""
    at = clock.timestamp(project.now())

    def take(fields: Fields) -> Transition:
        if fields["status"] not in RUNNING or owner_is_alive(fields):
            return NOTHING
        changes = {"owner": owner_record(session, at), "wake": None, "stalls": None}
        return Transition("resumed", changes, {"session": session.session_id})

    fields = project.state.update(take)
    return resumed(fields) if works_on(fields, session) else ""
