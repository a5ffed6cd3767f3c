"""A batch goes on: after a pause, a crash, in another session, or with what had failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.api import batch_state_manager
from batch_implement.engine.advance import next_feature
from batch_implement.engine.reconciliation import disbelieve_lost_commits
from batch_implement.engine.retries import retry_manager
from batch_implement.engine.verification import check_fields
from batch_implement.errors import BatchStateError
from batch_implement.model import progress
from batch_implement.oversight import ownership
from batch_implement.proof.check_command import find_check
from batch_implement.proof.check_run import forget
from batch_implement.state.journal import Transition
from batch_implement.state.past_batches import past_batches
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.engine.outcome import Outcome
    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document


def resume_batch(
    project: Project,
    batch_id: str = "",
    *,
    take_over: bool = False,
    again: bool = False,
    held: bool = False,
    wait: float,
) -> Outcome:
    """This session goes on with the batch at work; with ``again`` or ``held`` also with one that has ended.

    ``again`` tries what failed (and what was held for it) once more, ``held`` works what was held all the
    same. Raises :class:`BatchStateError` for an unknown id, for a batch with nothing left, and while the
    session that owns it is alive, unless ``take_over``.
    """
    _bring_back(project, batch_id, reopen=again or held)
    state = batch_state_manager.load_batch_state(project.state.path)
    reopened = _reopened(project.state.read(), again=again, held=held)
    if state.status not in progress.RUNNING and state.status != "paused" and not reopened:
        raise BatchStateError(
            f"Batch {state.batch_id} is {state.status}, and nothing in it is to be done again. "
            "/batch-implement --resume --failed tries what failed once more."
        )
    fields = project.state.read()
    _refuse_while_owned(project, fields, take_over=take_over)
    at = clock.timestamp(project.now())
    changes = {"status": "in_progress", "pause": None, "stalls": None, "wake": None, **reopened}
    changes |= _check_again(project, fields)
    if project.session.session_id:
        changes["owner"] = ownership.owner_record(project.session, at)
    project.state.update(lambda _: Transition("resumed", changes, {"session": project.session.session_id}))
    disbelieve_lost_commits(project)
    if again:
        retry_manager(project, state.batch_id).reset_breaker()
    return next_feature(project, wait=wait)


def _bring_back(project: Project, batch_id: str, *, reopen: bool) -> None:
    """Make the batch meant the one at work."""
    if project.state.exists():
        current = project.state.read()["batch_id"]
        if batch_id and batch_id != current:
            raise BatchStateError(f"The batch in this project is {current}, not {batch_id[:100]}.")
        return
    past = past_batches(project.home)
    if not batch_id and reopen and past:
        batch_id = past[-1]["batch_id"]
    if batch_id:
        project.state.restore(batch_id)


def _reopened(fields: Document, *, again: bool, held: bool) -> dict[str, Any]:
    """The changes that make features open again; none when there are no such features."""
    if again and (fields["failed_features"] or fields["held"]):
        return {"failed_features": [], "held": {}, "retry_attempts": {}, "current_index": 0}
    if held and fields["held"]:
        return {"held": {}}
    return {}


def _refuse_while_owned(project: Project, fields: Document, *, take_over: bool) -> None:
    strange = project.session.session_id and not ownership.is_owner(fields, project.session)
    if strange and ownership.owner_is_alive(fields) and not take_over:
        raise BatchStateError(
            "The batch belongs to a Claude Code session that is still running. Go on there; or take it from "
            "that session: /batch-implement --resume --take-over"
        )


def _check_again(project: Project, fields: Document) -> dict[str, Any]:
    """Before the first feature the check may have been mended or set, so it is found and run anew."""
    if fields.get("attempt") or fields["completed_features"] or fields["failed_features"]:
        return {}
    forget(project.home)
    command = find_check(project.workspace, project.config.text("BATCH_VERIFY_COMMAND"))
    return {"check": check_fields(project, command)}
