"""A person's hand on a batch: see it, hold it, go on with it, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.delivery.check_command import find_check
from batch_implement.delivery.check_run import forget
from batch_implement.errors import BatchStateError
from batch_implement.lifecycle import ownership
from batch_implement.lifecycle.assignment import standing
from batch_implement.lifecycle.next_feature import next_feature
from batch_implement.lifecycle.report import write_report
from batch_implement.lifecycle.verification import check_fields
from batch_implement.state import batch_state_manager, progress
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.system.shortening import shorten

if TYPE_CHECKING:
    from batch_implement.lifecycle.outcome import Outcome
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.document import Document
    from batch_implement.state.progress import Fields


def status_text(fields: Fields) -> str:
    """Where the batch is, in a few lines."""
    lines = [f"Batch {fields['batch_id']}: {fields['status']}, {standing(fields)}."]
    if fields.get("pause") and fields["status"] == "paused":
        lines.append(f"Paused: {fields['pause']['reason']}")
    current = progress.current_feature(fields)
    if current is not None and fields["status"] in progress.RUNNING:
        begun = "at work" if fields.get("attempt") else "next"
        lines.append(f"{begun.capitalize()}: {current + 1}. {shorten(fields['features'][current], 120)}")
    for record in fields.get("failed_features", ()):
        number = record["feature_index"] + 1
        lines.append(f"Failed: {number}. {shorten(record['error_message'], 160)}")
    for index, reason in (fields.get("held") or {}).items():
        lines.append(f"Held: {int(index) + 1}. {reason}")
    return "\n".join(lines)


def pause_batch(project: Project) -> str:
    """Hold the batch; the feature at work keeps its place."""
    fields = project.state.read()
    if fields["status"] not in progress.RUNNING:
        raise BatchStateError(f"The batch is {fields['status']}, so it can't be paused.")
    at = clock.timestamp(project.now())
    pause = {"reason": "by the user", "since": at}
    project.state.update(lambda _: Transition("paused", {"status": "paused", "pause": pause}))
    return "The batch is paused. /batch-implement --resume goes on with it."


def cancel_batch(project: Project) -> str:
    """End the batch: its state becomes history, what is in the working tree stays."""
    fields = project.state.read()
    if fields["status"] in progress.RUNNING or fields["status"] == "paused":
        fields = project.state.update(
            lambda _: Transition("cancelled", {"status": "cancelled", "pause": None})
        )
    forget(project.root)
    write_report(project, fields)
    project.state.archive()
    left = (
        " What the feature at work has changed is still in the working tree." if fields.get("attempt") else ""
    )
    return (
        f"The batch is ended ({standing(fields)}). Its report: .claude/batches/{fields['batch_id']}.md.{left}"
    )


def resume_batch(project: Project, batch_id: str = "", *, take_over: bool = False, wait: float) -> Outcome:
    """This session goes on with the batch, after a pause, a crash, or another session's end.

    Raises :class:`BatchStateError` for another id, for a batch that has ended, and while the session that
    owns it is alive, unless ``take_over``.
    """
    state = batch_state_manager.load_batch_state(project.state.path)
    if batch_id and batch_id != state.batch_id:
        raise BatchStateError(f"The batch in this project is {state.batch_id}, not {batch_id[:100]}.")
    if state.status not in progress.RUNNING and state.status != "paused":
        raise BatchStateError(f"Batch {state.batch_id} is {state.status}. Start a new one with what is left.")
    fields = project.state.read()
    strange = project.session.session_id and not ownership.is_owner(fields, project.session)
    if strange and ownership.owner_is_alive(fields) and not take_over:
        raise BatchStateError(
            "The batch belongs to a Claude Code session that is still running. Go on there; or take it from "
            "that session: /batch-implement --resume --take-over"
        )
    at = clock.timestamp(project.now())
    check = _check_again(project, fields)

    def resume(_: Document) -> Transition:
        changes = {"status": "in_progress", "pause": None, "stalls": None, **check}
        if project.session.session_id:
            changes["owner"] = ownership.owner_record(project.session, at)
        return Transition("resumed", changes, {"session": project.session.session_id})

    project.state.update(resume)
    return next_feature(project, wait=wait)


def _check_again(project: Project, fields: Document) -> dict[str, Any]:
    """Before the first feature the check may have been mended or set, so it is found and run anew."""
    begun = fields.get("attempt") or fields["completed_features"] or fields["failed_features"]
    if begun:
        return {}
    forget(project.root)
    command = find_check(project.root, project.config.text("BATCH_VERIFY_COMMAND"))
    return {"check": check_fields(project, command)}
