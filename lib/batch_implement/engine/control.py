"""A person's hand on a batch: see it, hold it, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.engine.retries import retry_manager
from batch_implement.errors import BatchStateError
from batch_implement.model import breaker, progress
from batch_implement.oversight.waits import local_time
from batch_implement.presentation.prompts import standing
from batch_implement.presentation.report import write_report
from batch_implement.proof.check_run import forget
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields


def status_text(project: Project, fields: Fields) -> str:
    """Where the batch is, in a few lines."""
    lines = [f"Batch {fields['batch_id']}: {fields['status']}, {standing(fields)}."]
    if fields.get("pause") and fields["status"] == "paused":
        lines.append(f"Paused: {fields['pause']['reason']}")
    if fields.get("wake"):
        lines.append(f"Waiting until {local_time(fields)}: {fields['wake']['reason']}")
    lines += _breakers(project, fields)
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


def _breakers(project: Project, fields: Fields) -> list[str]:
    found = []
    retries = retry_manager(project, fields["batch_id"]).state().breaker
    now = project.now().timestamp()
    if not retries.allows(now):
        found.append(f"No retries: {retries.consecutive_failures} failures in a row (reset-breaker).")
    github = breaker.from_json(fields.get("github_breaker"), BREAKER)
    if not github.allows(now):
        found.append(
            f"No issues are closed: {github.consecutive_failures} failures in a row (reset-breaker)."
        )
    return found


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


def reset_breakers(project: Project, batch_id: str = "") -> str:
    """Close the breakers for retries and for GitHub, after a look at what failed."""
    fields = project.state.read()
    if batch_id and batch_id != fields["batch_id"]:
        raise BatchStateError(f"The batch in this project is {fields['batch_id']}, not {batch_id[:100]}.")
    notices = retry_manager(project, fields["batch_id"]).reset_breaker()
    project.state.update(lambda _: Transition("breakers_reset", {"github_breaker": None}))
    return "\n".join(["The circuit breakers are closed: retries and GitHub calls are made again.", *notices])
