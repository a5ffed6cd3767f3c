"""The branch is put back to the commit that a feature began from; the files stay as they are.

What a worker commits, amends, resets or rebases by itself becomes what it is: uncommitted work on that
commit. Only files that it took away with a commit, and did not touch otherwise, are laid out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.system.git.path_lists import join_paths
from batch_implement.workspace.changes import commits_since, empty_tree
from batch_implement.workspace.index_lock import wait_for_index

if TYPE_CHECKING:
    from batch_implement.system.git.git import Git
    from batch_implement.system.git.status import Status


@dataclass(frozen=True)
class OwnCommits:
    """``commits`` are those since the base, oldest first; ``merge`` is the first merge among them, or ``""``;
    ``pushed_to`` are the remotes' branches that have any of them."""

    commits: tuple[str, ...] = ()
    merge: str = ""
    pushed_to: tuple[str, ...] = ()


def own_commits(git: Git, base: str, head: str) -> OwnCommits:
    """What somebody else than us has committed since ``base``."""
    commits = commits_since(git, base, head)
    if not commits:
        return OwnCommits()
    only = (head, *([f"^{base}"] if base else []))
    merges = git.text("rev-list", "--reverse", "--min-parents=2", *only).split()
    where = git.text("for-each-ref", f"--contains={commits[0]}", "--format=%(refname:short)", "refs/remotes")
    return OwnCommits(commits, merges[0] if merges else "", tuple(where.splitlines()))


def return_to(git: Git, base: str, status: Status) -> None:
    """Let the branch that is checked out end with ``base``; ``status`` is that of this moment.

    Raises ``GitError`` when somebody moves the branch at the same time.
    """
    head = status.head
    fork = git.text("merge-base", head, base, ok=(0, 1)) if head and base else ""
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


def _names(git: Git, old: str, new: str) -> set[str]:
    """The paths that differ between two commits, ``""`` for nothing."""
    if old == new:
        return set()
    trees = (old or empty_tree(git), new or empty_tree(git))
    return set(git.paths("diff-tree", "-r", "-z", "--no-renames", "--name-only", *trees, "--"))
