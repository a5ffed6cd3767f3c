"""A headless session that a script has started takes the batch of a dead session, where that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.engine.project import Project
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.ownership import owner_is_alive, owner_of, works_on
from batch_implement.oversight.rests import left_alone, rested
from batch_implement.presentation.prompts import resumed
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session

SETTING = "BATCH_AUTO_RESUME"


def first_message(home: str, session: Session) -> str:
    """What the session begins with, the batch being its own now; ``""`` when that is not wanted.

    Of several sessions that are started at once one gets it.
    """
    project = Project(Path(home), Path(home), session)
    if not project.config.flag(SETTING):
        return ""
    at = clock.timestamp(project.now())

    def take(batch: Batch) -> Transition:
        if not batch.is_going or owner_is_alive(batch):
            return NOTHING
        rested_until_now = rested(left_alone(batch, at), at)
        taken = replace(rested_until_now, owner=owner_of(session, at), waits=(), stalls=None)
        return Transition("resumed", taken, session=session.session_id)

    batch = project.state.update(take)
    return resumed(batch) if works_on(batch, session) else ""
