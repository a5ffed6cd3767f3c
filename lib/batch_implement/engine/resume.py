"""A batch goes on: after a pause, a crash, in another session, or with what had failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.advance import go_on
from batch_implement.engine.answered import answered
from batch_implement.engine.reconciliation import disbelieve_lost_commits
from batch_implement.engine.retries import retry_manager
from batch_implement.model.record import replace
from batch_implement.model.refusals import NothingToResume, OtherBatch, OwnerIsAlive, RefusedError
from batch_implement.model.standstill import Rest
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight import ownership, rests
from batch_implement.proof.check_command import find_check
from batch_implement.proof.check_run import forget
from batch_implement.proof.checker import Rules, check_of
from batch_implement.state.past_batches import past_batches
from batch_implement.state.schema import validate
from batch_implement.state.state_file import StateFile
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.outcomes import Outcome


@answered
def resume_batch(
    project: Project,
    batch_id: str = "",
    *,
    take_over: bool = False,
    again: bool = False,
    held: bool = False,
    migrate: bool = False,
    wait: float,
) -> Outcome:
    """This session goes on with the batch at work, or with the last one when that was stopped; with ``again``
    or ``held`` also with one that has ended.

    ``again`` tries what failed (and what was held for it) once more, ``held`` works what was held all the
    same. ``migrate`` takes over a state of the first version. Refused for a batch with nothing left, and
    while the session that owns it is alive, unless ``take_over``. Raises :class:`BatchStateError` for an
    unknown id.
    """
    if migrate:
        StateFile(project.state.path, now=project.now, unversioned=True).update(lambda _: NOTHING)
    _bring_back(project, batch_id, reopen=again or held)
    document = project.state.document()
    validate(document, project.state.path)
    batch = project.state.read()
    reopened = _reopened(batch, again=again, held=held)
    if batch.is_over and reopened is None:
        raise RefusedError(NothingToResume(batch_id=batch.batch_id, status=batch.status))
    _refuse_while_owned(project, batch, take_over=take_over)
    going = _rested(project, reopened or batch, was_over=batch.is_over)
    going = replace(going, status="in_progress", pause=None, stalls=None, waits=(), ground=None)
    going = _check_again(project, going)
    session = project.session
    if session.session_id:
        going = replace(going, owner=ownership.owner_of(session, clock.timestamp(project.now())))
    project.state.update(lambda _: Transition("resumed", going, session=session.session_id))
    batch = disbelieve_lost_commits(project)
    if again:
        retry_manager(project, batch.batch_id).reset_breaker()
    return go_on(project, batch, wait=wait)


def _bring_back(project: Project, batch_id: str, *, reopen: bool) -> None:
    """Make the batch meant the one at work."""
    if project.state.exists():
        current = project.state.read().batch_id
        if batch_id and batch_id != current:
            raise RefusedError(OtherBatch(current=current, asked=batch_id))
        return
    past = past_batches(project.home)
    if not batch_id and past and (reopen or past[-1].status == "cancelled"):
        batch_id = past[-1].batch_id
    if batch_id:
        project.state.restore(batch_id)


def _reopened(batch: Batch, *, again: bool, held: bool) -> Batch | None:
    """The batch with features open again, as one that was stopped has them; None when there are none."""
    if again and (batch.failed_features or batch.held):
        return replace(batch, failed_features=(), held={}, retry_attempts={}, current_index=0)
    if held and batch.held:
        return replace(batch, held={})
    return batch if batch.status == "cancelled" else None


def _rested(project: Project, batch: Batch, *, was_over: bool) -> Batch:
    """The batch with the time in which nobody worked on it written down."""
    at = clock.timestamp(project.now())
    if was_over:
        return replace(batch, rests=(*batch.rests, Rest(kind="paused", since=batch.updated_at, until=at)))
    is_left = not ownership.is_owner(batch, project.session) and not ownership.owner_is_alive(batch)
    return rests.rested(rests.left_alone(batch, at) if is_left else batch, at)


def _refuse_while_owned(project: Project, batch: Batch, *, take_over: bool) -> None:
    strange = project.session.session_id and not ownership.is_owner(batch, project.session)
    if strange and ownership.owner_is_alive(batch) and not take_over:
        raise RefusedError(OwnerIsAlive())


def _check_again(project: Project, batch: Batch) -> Batch:
    """Before the first feature the check may have been mended or set, so it is found and run anew."""
    if batch.open_attempts or batch.completed_features or batch.failed_features:
        return batch
    forget(project.home)
    command = find_check(project.workspace, project.config.text("BATCH_VERIFY_COMMAND"))
    return replace(batch, check=check_of(project.git, command, Rules.of(project.config)))
