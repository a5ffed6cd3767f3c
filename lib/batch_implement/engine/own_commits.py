"""What the worker did with git by itself is put right before a feature is looked at.

The comparison is always with the commit that the feature began from, which is the last proven one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.delivery.branch import BranchPlan, prepare_branch
from batch_implement.model import attempts
from batch_implement.model.refusals import BranchLeft, CommitsMerged, CommitsPushed, RefusedError
from batch_implement.workspace.changes import changes_since, commits_since
from batch_implement.workspace.return_to_base import own_commits, pushed_to, return_to
from batch_implement.workspace.set_aside import keep_commit, set_aside

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.system.git.status import Status
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.return_to_base import OwnCommits


def uncommitted(project: Project, batch: Batch, index: int, baseline: Baseline) -> tuple[Baseline, Status]:
    """The tree as it stands, with the branch at the last proven commit, and the baseline with that commit.

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
        return baseline, status
    own = _since_last_proven(project, batch, baseline, status.head)
    base = replace(baseline, commit=own.base)
    if status.head == own.base:
        return base, status
    if where := pushed_to(git, own.commits):
        raise RefusedError(CommitsPushed(number=number, commits=own.commits, where=where))
    if own.merge:
        raise RefusedError(CommitsMerged(number=number, merge=own.merge, base=own.base))
    return_to(git, own, status)
    project.state.update(lambda current: attempts.commits_taken_off(current, index, own.commits))
    return base, git.status()


@dataclass(frozen=True)
class BroughtBack:
    """``baseline`` has the commit that the branch ends with again, ``onto`` is the one that what is
    uncommitted now was made on. ``elsewhere`` is the branch with what was done on another one, or on none."""

    baseline: Baseline
    onto: str
    elsewhere: str = ""


def brought_back(project: Project, batch: Batch, baseline: Baseline, *, keep_on: str) -> BroughtBack:
    """Put the branch back to the last proven commit, whatever its worker did."""
    git = project.git
    elsewhere = ""
    if baseline.branch and git.branch() != baseline.branch:
        elsewhere = _left(project, baseline, keep_on)
        prepare_branch(git, BranchPlan("current", baseline.branch, baseline.commit))
    status = git.status()
    own = _since_last_proven(project, batch, baseline, status.head)
    base = replace(baseline, commit=own.base)
    if status.head == own.base:
        return BroughtBack(base, own.base, elsewhere)
    return_to(git, own, status)
    return BroughtBack(base, status.head if own.commits else own.base, elsewhere)


def _since_last_proven(project: Project, batch: Batch, baseline: Baseline, head: str) -> OwnCommits:
    """Another feature may have been done in the same tree since this one began."""
    return own_commits(project.git, baseline.commit, head).after(
        {entry.commit for entry in batch.evidence.values()}
    )


def _left(project: Project, baseline: Baseline, keep_on: str) -> str:
    """The branch with what was done where the worker went; ``""`` where that is nothing."""
    git = project.git
    status = git.status()
    changes = changes_since(git, replace(baseline, commit=status.head), status=status)
    kept = set_aside(git, changes, branch=keep_on)
    if kept or not commits_since(git, baseline.commit, status.head):
        return kept
    return status.branch or keep_commit(git, status.head, branch=keep_on)
