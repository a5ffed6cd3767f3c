"""What the worker did with git by itself is put right before a feature is looked at.

The comparison is always with the commit that the feature began from, which is the last proven one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.delivery.branch import BranchPlan, prepare_branch
from batch_implement.model import attempts
from batch_implement.model.refusals import BranchLeft, CommitsMerged, CommitsPushed, RefusedError
from batch_implement.workspace.changes import changes_since, commits_since
from batch_implement.workspace.return_to_base import own_commits, return_to
from batch_implement.workspace.set_aside import keep_commit, set_aside

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.system.git.status import Status
    from batch_implement.workspace.baseline import Baseline


def uncommitted(project: Project, index: int, baseline: Baseline) -> Status:
    """The tree as it stands, with the branch at the feature's first commit.

    Raises :class:`RefusedError` for what only the worker or a person can put right.
    """
    git, number = project.git, index + 1
    now = git.branch()
    if baseline.branch and now != baseline.branch:
        head = git.resolve("HEAD")
        elsewhere = head if head != baseline.commit else ""
        raise RefusedError(BranchLeft(number=number, branch=baseline.branch, now=now, head=elsewhere))
    status = git.status()
    if status.head == baseline.commit:
        return status
    own = own_commits(git, baseline.commit, status.head)
    if own.pushed_to:
        raise RefusedError(CommitsPushed(number=number, commits=own.commits, where=own.pushed_to))
    if own.merge:
        raise RefusedError(CommitsMerged(number=number, merge=own.merge, base=baseline.commit))
    return_to(git, baseline.commit, status)
    project.state.update(lambda batch: attempts.commits_taken_off(batch, index, own.commits))
    return git.status()


def brought_back(project: Project, baseline: Baseline, *, keep_on: str) -> tuple[str, str]:
    """Put the branch back to the feature's first commit, whatever its worker did.

    Returns the commit that what is uncommitted now was made on, and the branch that has what was done
    elsewhere: on another branch, or on none.
    """
    git = project.git
    elsewhere = ""
    if baseline.branch and git.branch() != baseline.branch:
        elsewhere = _left(project, baseline, keep_on)
        prepare_branch(git, BranchPlan("current", baseline.branch, baseline.commit))
    status = git.status()
    if status.head == baseline.commit:
        return status.head, elsewhere
    own = commits_since(git, baseline.commit, status.head)
    return_to(git, baseline.commit, status)
    return status.head if own else baseline.commit, elsewhere


def _left(project: Project, baseline: Baseline, keep_on: str) -> str:
    """The branch with what was done where the worker went; ``""`` where that is nothing."""
    git = project.git
    status = git.status()
    changes = changes_since(git, replace(baseline, commit=status.head), status=status)
    kept = set_aside(git, changes, branch=keep_on)
    if kept or not commits_since(git, baseline.commit, status.head):
        return kept
    return status.branch or keep_commit(git, status.head, branch=keep_on)
