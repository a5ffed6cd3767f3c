"""The branch is put back to the commit that a feature began from; the files stay as they are.

What a worker commits, amends, resets or rebases by itself becomes what it is: uncommitted work on that
commit. Only files that it took away with a commit, and did not touch otherwise, are laid out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.system.git.path_lists import join_paths
from batch_implement.workspace.changes import empty_tree
from batch_implement.workspace.index_lock import wait_for_index

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from batch_implement.system.git.git import Git
    from batch_implement.system.git.status import Status


@dataclass(frozen=True)
class OwnCommits:
    """The commits after ``base``, oldest first, each with its parents."""

    base: str
    parents: Mapping[str, tuple[str, ...]]

    @property
    def commits(self) -> tuple[str, ...]:
        return tuple(self.parents)

    @property
    def merge(self) -> str:
        """The first merge among them, or ``""``."""
        return next((commit for commit, parents in self.parents.items() if len(parents) > 1), "")

    @property
    def follow_base(self) -> bool:
        """Whether they are one line that begins at the base."""
        above = (self.base, *self.commits)
        return bool(self.base and self.parents) and [*self.parents.values()] == [(one,) for one in above[:-1]]

    def after(self, proven: Collection[str]) -> OwnCommits:
        """Those after the last one that is proven."""
        last = next((commit for commit in reversed(self.commits) if commit in proven), "")
        if not last:
            return self
        later = self.commits[self.commits.index(last) + 1 :]
        return OwnCommits(last, {commit: self.parents[commit] for commit in later})


def own_commits(git: Git, base: str, head: str) -> OwnCommits:
    """What the branch has since ``base`` (``""``: from the beginning)."""
    if head in {base, ""}:
        return OwnCommits(base, {})
    listing = git.text("rev-list", "--reverse", "--parents", head, *([f"^{base}"] if base else []))
    lines = (line.split() for line in listing.splitlines())
    return OwnCommits(base, {commit: tuple(parents) for commit, *parents in lines})


def pushed_to(git: Git, commits: Sequence[str]) -> tuple[str, ...]:
    """The remotes' branches that have any of the commits, the oldest of which is the first."""
    if not commits:
        return ()
    names = git.text("for-each-ref", f"--contains={commits[0]}", "--format=%(refname:short)", "refs/remotes")
    return tuple(names.splitlines())


def return_to(git: Git, own: OwnCommits, status: Status) -> None:
    """Let the branch that is checked out end with the commit before ``own``; ``status`` is of this moment.

    Raises ``GitError`` when somebody moves the branch at the same time.
    """
    head, base = status.head, own.base
    fork = base if own.follow_base else _fork(git, head, base)
    made = _names(git, fork, head)
    missing = _names(git, fork, base) - made
    touched = {*(entry.path for entry in status.entries), *status.untracked}
    why = ("-m", "batch-implement: back to where the feature began")
    if base:
        git.run("update-ref", *why, "HEAD", base, head or "0" * len(base))
    else:
        git.run("update-ref", *why, "-d", "HEAD", head)
    wait_for_index(git)
    from_stdin = ("--pathspec-from-file=-", "--pathspec-file-nul")
    if unstaged := sorted(made | (missing & touched)):
        git.run("reset", "--quiet", *from_stdin, base or empty_tree(git), stdin=join_paths(unstaged))
    if lost := sorted(missing - touched):
        git.run("restore", f"--source={base}", "--staged", "--worktree", *from_stdin, stdin=join_paths(lost))


def _fork(git: Git, head: str, base: str) -> str:
    return git.text("merge-base", head, base, ok=(0, 1)) if head and base else ""


def _names(git: Git, old: str, new: str) -> set[str]:
    """The paths that differ between two commits, ``""`` for nothing."""
    if old == new:
        return set()
    trees = (old or empty_tree(git), new or empty_tree(git))
    return set(git.paths("diff-tree", "-r", "-z", "--no-renames", "--name-only", *trees, "--"))
