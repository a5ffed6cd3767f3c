"""What a reviewer is to read: the feature's change, as a file beside the past batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.state.home import BATCHES, review_name
from batch_implement.system.files.folder import Folder
from batch_implement.workspace.index import WHOLE, temporary_index

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet

_LIMIT = 4 * 1024 * 1024


def write_diff(project: Project, changes: ChangeSet, baseline: Baseline, number: int) -> None:
    """All that feature ``number`` (from 1) changed, the model's own commits too, as one diff."""
    base = (baseline.commit,) if baseline.commit else ()
    with temporary_index(project.git, changes.head, changes.pending) as index:
        diff = project.git.run(
            "diff",
            "--cached",
            "--no-color",
            "--no-ext-diff",
            *base,
            env={"GIT_INDEX_FILE": str(index)},
            settings=WHOLE,
            output_limit=_LIMIT,
        )
    with Folder.open(project.home, *BATCHES, create=True) as folder:
        folder.write(review_name(number), diff.stdout)


def forget_diff(project: Project, number: int) -> None:
    try:
        with Folder.open(project.home, *BATCHES) as folder:
            folder.remove(review_name(number))
    except FileNotFoundError:
        return
