"""A feature has failed: it is tried again, or its work is kept out of the way and the batch goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.engine.advance import next_feature, pause, require_running
from batch_implement.engine.retries import retry_manager
from batch_implement.errors import BatchStateError
from batch_implement.model import progress
from batch_implement.oversight.ownership import refuse_stranger
from batch_implement.oversight.waits import wait_until
from batch_implement.recovery.classify import sanitize_error_message
from batch_implement.recovery.decide import RetryAction
from batch_implement.recovery.failure import FailureFacts
from batch_implement.scheduling.dependents import hold_dependents
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.system.text.cleaning import one_line
from batch_implement.workspace.baseline import Baseline
from batch_implement.workspace.changes import changes_since
from batch_implement.workspace.set_aside import set_aside

if TYPE_CHECKING:
    from batch_implement.engine.outcome import Outcome
    from batch_implement.engine.project import Project
    from batch_implement.recovery.failures import Judgement
    from batch_implement.state.document import Document

_ERROR_LENGTH = 2_000


def fail_feature(
    project: Project, number: int, *, error: str, facts: FailureFacts | None = None, wait: float
) -> Outcome:
    """Judge why feature ``number`` (from 1) failed, act on it, and go on.

    ``facts`` is what is known beside the words. Raises :class:`BatchStateError` out of turn.
    """
    fields = project.state.read()
    refuse_stranger(fields, project.session)
    require_running(fields)
    index = number - 1
    progress.check_index(fields, index)
    attempt = fields.get("attempt")
    if not attempt or attempt["feature_index"] != index:
        raise BatchStateError(
            f"Feature {number} is not being worked on, so it can't fail. Run: batch-implement next"
        )
    told = one_line(sanitize_error_message(error), _ERROR_LENGTH)
    manager = retry_manager(project, fields["batch_id"])
    judgement = manager.record_failure(index, facts or FailureFacts("report", error))
    action = judgement.decision.action
    if action is RetryAction.PAUSE:
        return pause(project, f"Feature {number} met what only a person can mend: {told}.")
    if action is RetryAction.RETRY:
        project.state.update(lambda current: _again(project, current, index, told, judgement))
    elif action is RetryAction.HOLD:
        project.state.update(lambda _: _hold(project, judgement))
    else:
        return _give_up(project, fields, index, told, judgement, wait=wait)
    return next_feature(project, wait=wait, earlier=f"Feature {number} failed; {judgement.decision.reason}.")


def _again(project: Project, fields: Document, index: int, told: str, judgement: Judgement) -> Transition:
    """The attempt is filed, its work stays in the tree, and the feature is the next one again."""
    counts = dict(fields.get("retry_attempts") or {})
    counts[str(index)] = int(counts.get(str(index), 0)) + 1
    at = clock.timestamp(project.now())
    filed = progress.end_attempt(fields, index, at=at, error=told, goes_on=True)
    changes = {**filed, "retry_attempts": counts, "stalls": None, **_wake(project, judgement)}
    details = {"feature": index + 1, "error": told, "reason": judgement.decision.reason}
    return Transition("retry", changes, details)


def _hold(project: Project, judgement: Judgement) -> Transition:
    """Nothing is charged: the attempt goes on when the limit has ended."""
    return Transition("waiting", _wake(project, judgement), {"reason": judgement.decision.reason})


def _wake(project: Project, judgement: Judgement) -> dict[str, Any]:
    seconds = judgement.decision.wait_seconds
    return {"wake": wait_until(project.now(), seconds, judgement.decision.reason)} if seconds >= 1 else {}


def _give_up(
    project: Project, fields: Document, index: int, told: str, judgement: Judgement, *, wait: float
) -> Outcome:
    baseline = Baseline.from_dict(fields["attempt"]["baseline"])
    generated = (fields.get("check") or {}).get("generated") or ()
    changes = changes_since(project.git, baseline, generated=generated, features_file=fields["features_file"])
    branch = f"batch-implement/{fields['batch_id']}/feature-{index + 1}"
    kept = set_aside(project.git, changes, branch=branch)
    reason = judgement.decision.reason
    about = {"not_retried": reason, **({"kept_on": kept} if kept else {})}
    project.state.update(lambda current: _failed(project, current, index, told, about))
    where = f" Its work is kept on {kept}." if kept else ""
    return next_feature(
        project, wait=wait, earlier=f"Feature {index + 1} is recorded as failed ({reason}).{where}"
    )


def _failed(project: Project, fields: Document, index: int, told: str, about: dict[str, Any]) -> Transition:
    if index in progress.failed_indices(fields):
        return progress.NOTHING
    at = clock.timestamp(project.now())
    retries = int((fields.get("retry_attempts") or {}).get(str(index), 0))
    marked = progress.mark(fields, index, "failed", at=at, error_message=told, retry_count=retries)
    changes = {**progress.end_attempt(fields, index, at=at, error=told), **marked.changes, "attempt": None}
    changes["status"] = fields["status"]
    changes["stalls"] = None
    changes["held"] = hold_dependents({**fields, **changes}, index)
    changes["evidence"] = {**fields["evidence"], str(index): about}
    return Transition("failed", changes, {"feature": index + 1, "error": told, **about})
