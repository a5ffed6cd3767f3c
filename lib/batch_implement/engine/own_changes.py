"""What of the working tree is a feature's: not the user's, and not what the check writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.workspace.baseline import from_portable_path
from batch_implement.workspace.changes import changes_since, take_baseline
from batch_implement.workspace.content import content_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.check import Check
    from batch_implement.system.git.status import Status
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import Change, ChangeSet


def own_changes(
    project: Project, batch: Batch, baseline: Baseline, *, status: Status | None = None
) -> ChangeSet:
    """What differs from the baseline, sorted by whose it is; ``status`` saves a call where it is at hand."""
    check = batch.check
    return changes_since(
        project.git,
        baseline,
        generated=check.generated if check is not None else (),
        volatile={from_portable_path(path) for path in check.volatile} if check is not None else (),
        features_files=batch.features_files,
        status=status,
    )


def baseline_now(project: Project, batch: Batch) -> Baseline:
    """Where the repository stands; what the check wrote before any feature is not the user's.

    Where we commit nothing, what one feature leaves in the tree is the next one's to go on from.
    """
    commits = batch.delivery is not None and batch.delivery.commit
    generated = batch.check.generated if batch.check is not None else ()
    taken = take_baseline(project.git, batch.ground if commits else None, generated=generated)
    written = _written(batch.check)
    users = {path: content for path, content in taken.users.items() if written.get(path) != content}
    return replace(taken, users=users)


def is_work(project: Project, batch: Batch, changes: Sequence[Change]) -> bool:
    """Whether anything of it is more than what the check wrote before any feature."""
    written = _written(batch.check)
    return any(
        change.path not in written or content_id(project.git.root, change.path) != written[change.path]
        for change in changes
    )


def _written(check: Check | None) -> dict[str, str]:
    if check is None:
        return {}
    return {from_portable_path(path): content for path, content in check.rewritten.items()}
