"""While its worker is at work a feature is neither done nor failed, whatever is said of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from batch_implement.model import attempts
from batch_implement.model.outcomes import Waiting, WorkerRuns
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import is_at_work
from batch_implement.system.patience import Delay

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch

# Nobody tells when an agent was stopped, so waiting comes to an end; each time takes as long as a call may.
MAX_AWAITED = 20
_LOOK_SECONDS = 0.2


def await_worker(project: Project, number: int, *, wait: float) -> Batch | Waiting:
    """The batch when the worker of feature ``number`` (from 1) has ended, or ``wait`` seconds are over.

    An attended session is woken at its end, so there nothing is waited for.
    What it has written so far may pass the check, and what it goes on to write would be the next feature's.
    A person, who calls from outside of a session, knows what they do.
    """
    index = number - 1
    batch = project.state.read()
    if not _is_awaited(project, batch, index):
        return batch
    seconds = 0.0 if project.session.attended else wait
    deadline, waited = time.monotonic() + seconds, Delay("worker", str(number), seconds)
    while time.monotonic() < deadline:
        waited.goes_on()
        time.sleep(_LOOK_SECONDS)
        batch = project.state.read()
        if not _works(batch, index):
            return batch
    batch = project.state.update(lambda current: _count(current, index))
    return Waiting(cause=WorkerRuns(number=number)) if _works(batch, index) else batch


def _is_awaited(project: Project, batch: Batch, index: int) -> bool:
    if not project.session.session_id or not works_on(batch, project.session):
        return False
    return _works(batch, index) and batch.open_attempts[index].awaited < MAX_AWAITED


def _works(batch: Batch, index: int) -> bool:
    attempt = batch.open_attempts.get(index)
    return attempt is not None and is_at_work(batch, attempt)


def _count(batch: Batch, index: int) -> Transition:
    return attempts.awaited(batch, index) if _works(batch, index) else NOTHING
