"""The step that every path through a batch comes back to: what is to be done now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from batch_implement.engine.outcome import Outcome
from batch_implement.errors import BatchStateError
from batch_implement.model import progress
from batch_implement.oversight.monitor_presence import will_be_woken
from batch_implement.oversight.ownership import refuse_stranger
from batch_implement.oversight.waits import local_time, seconds_left, woken
from batch_implement.presentation.prompts import MARK, assignment
from batch_implement.state.journal import Transition
from batch_implement.system import clock

if TYPE_CHECKING:
    from typing import Any

    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document


def next_feature(project: Project, *, wait: float, earlier: str = "") -> Outcome:
    """The current assignment again, or the next; idempotent.

    ``wait`` is how long (seconds) to wait for the checks that are run once before the first feature.
    """
    fields = project.state.read()
    refuse_stranger(fields, project.session)
    if stopped := _stopped(fields):
        return stopped
    if fields.get("wake") and (waiting := _wait(project, fields, wait)):
        return waiting
    if fields.get("check") and not fields["check"]["baseline"]:
        waiting = _settle_baseline(project, fields, wait=wait)
        if waiting is not None:
            return waiting
        fields = project.state.read()
    if (fields.get("attempt") or {}).get("proof") and (adopted := _adopt(project, fields)):
        earlier, fields = f"{earlier} {adopted}".strip(), project.state.read()
    if progress.current_feature(fields) is None:
        return finish(project)
    if not fields.get("attempt"):
        fields = _begin(project, fields)
    return Outcome("assigned", assignment(fields, earlier=earlier))


def _adopt(project: Project, fields: Document) -> str:
    from batch_implement.engine.reconciliation import adopt_commit  # noqa: PLC0415 -- after a crash only

    return adopt_commit(project, fields)


def finish(project: Project) -> Outcome:
    """End the batch, write its report, and give it back."""
    from batch_implement.engine.deliver import publish  # noqa: PLC0415 -- the same
    from batch_implement.presentation.notification import notify  # noqa: PLC0415 -- once a batch
    from batch_implement.presentation.report import write_report  # noqa: PLC0415 -- the same

    if project.state.read()["status"] in progress.RUNNING:
        publish(project, final=True)
    fields = project.state.update(_completed)
    text = write_report(project, fields)
    notify(project, "ended", fields)
    return Outcome("ended", f"{MARK} The batch has ended. Give the user this report and stop.\n\n{text}")


def pause(project: Project, reason: str) -> Outcome:
    """Hold the batch until a person says how to go on."""
    from batch_implement.presentation.notification import notify  # noqa: PLC0415 -- seldom

    at = clock.timestamp(project.now())
    paused = Transition(
        "paused", {"status": "paused", "pause": {"reason": reason, "since": at}}, {"reason": reason}
    )
    fields = project.state.update(
        lambda fields: paused if fields["status"] in progress.RUNNING else progress.NOTHING
    )
    notify(project, "paused", fields, reason)
    return _paused(reason)


def require_running(fields: Document) -> None:
    """Raise :class:`BatchStateError` with what to do, unless the batch is going on."""
    if stopped := _stopped(fields):
        raise BatchStateError(stopped.text)


def _stopped(fields: Document) -> Outcome | None:
    status = fields["status"]
    if status == "paused":
        return _paused((fields.get("pause") or {}).get("reason", "paused"))
    if status == "cancelled":
        return Outcome("stopped", f"{MARK} The batch was cancelled. Nothing is left to do; stop here.")
    if status in {"completed", "failed"}:
        return Outcome("ended", f"{MARK} The batch has ended: batch-implement status --report shows how.")
    return None


def _wait(project: Project, fields: Document, wait: float) -> Outcome | None:
    """None when there is nothing (any more) to wait for.

    Beside an interactive session a monitor keeps the time, and the session need not spend a turn on it.
    """
    left = seconds_left(fields, project.now())
    reason = fields["wake"]["reason"]
    if left > 0 and will_be_woken(project.home, project.session):
        return Outcome(
            "waiting",
            f"{MARK} The batch waits until {local_time(fields)} ({reason}). End your turn now, without doing "
            "anything; you will be woken then.",
        )
    if left > 0 and project.session.session_id:
        time.sleep(min(left, wait))
        left = seconds_left(fields, project.now())
    if left > 0:
        return Outcome(
            "waiting",
            f"{MARK} The batch waits until {local_time(fields)} ({reason}). Run again: batch-implement next",
        )
    project.state.update(woken)
    return None


def _paused(reason: str) -> Outcome:
    return Outcome(
        "stopped",
        f"{MARK} The batch is paused: {reason} Stop here. The user goes on with /batch-implement --resume.",
    )


def _settle_baseline(project: Project, fields: Document, *, wait: float) -> Outcome | None:
    """None when the checks have been run before the first feature and pass."""
    from batch_implement.engine import verification  # noqa: PLC0415 -- once a batch

    check = verification.run_baseline(project, fields, wait=wait)
    if check is None:
        return Outcome(
            "waiting",
            f"{MARK} {fields['check']['command']} is being run once before the first feature. "
            "Run again: batch-implement next",
        )
    project.state.update(lambda _: Transition("baseline", {"check": check}, _told(check)))
    if verification.baseline_failed(check):
        return pause(
            project,
            f"{check['command']} fails before any feature has begun, so nothing could be proven. Make it "
            f"pass, or set BATCH_VERIFY_COMMAND in .env.\n{check['baseline']['output'].strip()}\n",
        )
    return None


def _told(check: dict[str, Any]) -> dict[str, Any]:
    return {"exit_code": check["baseline"]["exit_code"], "tests": check["tests"]}


def _begin(project: Project, fields: Document) -> Document:
    """Write down that work on the next feature begins, and what in the tree is not its own."""
    from batch_implement.engine.feature_branch import take_branch  # noqa: PLC0415 -- the same
    from batch_implement.workspace.changes import take_baseline  # noqa: PLC0415 -- once a feature

    index = progress.current_feature(fields)
    if index is None:
        return fields
    take_branch(project, fields, index)
    earlier = (fields.get("attempts") or {}).get(str(index)) or []
    # A second attempt goes on from what the first one left in the tree, so it keeps its baseline.
    baseline = earlier[-1].get("baseline") if earlier else None
    if not isinstance(baseline, dict):
        baseline = take_baseline(project.git).to_dict()
    at = clock.timestamp(project.now())

    def begin(current: Document) -> Transition:
        if current.get("attempt") or progress.current_feature(current) != index:
            return progress.NOTHING
        begun = progress.begin_attempt(current, index, at=at, base_commit=baseline["commit"])
        attempt = {**begun.changes["attempt"], "baseline": baseline}
        return Transition(begun.event, {"attempt": attempt}, begun.details)

    return project.state.update(begin)


def _completed(fields: Document) -> Transition:
    if fields["status"] not in progress.RUNNING:
        return progress.NOTHING
    return Transition("ended", {"status": "completed", "attempt": None})
