"""A feature has failed: its work is kept out of the way, and the batch goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.baseline import Baseline
from batch_implement.delivery.set_aside import set_aside
from batch_implement.delivery.working_tree import changes_since
from batch_implement.errors import BatchStateError
from batch_implement.lifecycle.next_feature import next_feature, require_running
from batch_implement.lifecycle.ownership import refuse_stranger
from batch_implement.state import progress
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.system.text import one_line, shorten

if TYPE_CHECKING:
    from batch_implement.lifecycle.outcome import Outcome
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.document import Document

_ERROR_LENGTH = 2_000


def fail_feature(project: Project, number: int, *, error: str, wait: float) -> Outcome:
    """Record why feature ``number`` (from 1) failed, keep its work on a branch, and go on.

    Raises :class:`BatchStateError` out of turn.
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
    baseline = Baseline.from_dict(attempt["baseline"])
    generated = (fields.get("check") or {}).get("generated") or ()
    changes = changes_since(project.git, baseline, generated=generated, features_file=fields["features_file"])
    kept = set_aside(project.git, changes, branch=f"batch-implement/{fields['batch_id']}/feature-{number}")
    project.state.update(lambda current: _failed(project, current, index, error, kept))
    where = f" Its work is kept on {kept}." if kept else ""
    return next_feature(project, wait=wait, earlier=f"Feature {number} is recorded as failed.{where}")


def _failed(project: Project, fields: Document, index: int, error: str, kept: str) -> Transition:
    if index in progress.failed_indices(fields):
        return progress.NOTHING
    at = clock.timestamp(project.now())
    told = shorten(one_line(error), _ERROR_LENGTH)
    marked = progress.mark(fields, index, "failed", at=at, error_message=told)
    changes = {**progress.end_attempt(fields, index, at=at, error=told), **marked.changes, "attempt": None}
    changes["status"] = fields["status"]
    changes["stalls"] = None
    changes["held"] = progress.hold_dependents({**fields, **changes}, index)
    if kept:
        changes["evidence"] = {**fields["evidence"], str(index): {"kept_on": kept}}
    return Transition("failed", changes, {"feature": index + 1, "error": told})
