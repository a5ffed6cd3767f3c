"""Moving the branch onto another commit, only where that is known to work.

The rebase is made in a worktree of our own, so that the user's is never in the middle of one.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from batch_implement.system.git.git import Git, excerpt
from batch_implement.workspace.index_lock import wait_for_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TIMEOUT = 300.0
_SETTINGS = {"rebase.autoStash": "false", "rebase.updateRefs": "false", "core.fsync": "committed"}


@dataclass(frozen=True)
class Obstacle:
    """Why the branch was left where it is."""

    outcome: Literal["rejected", "conflict", "checks-failed"]
    why: str


def rebase_branch(
    git: Git, branch: str, upstream: str, checks_pass: Callable[[Path], bool]
) -> tuple[tuple[str, str], ...] | Obstacle:
    """Rebase the checked-out branch; the commits before and after, in pairs, or what is in the way.

    ``checks_pass`` is given a clean working tree with the result before anything is moved.
    """
    if git.branch() != branch:
        return Obstacle("rejected", "It is not the branch that is checked out, so it was not rebased.")
    old, onto = git.resolve("HEAD"), git.resolve(upstream)
    if not git.text("merge-base", old, onto, ok=(0, 1)):
        return Obstacle("conflict", "The two have no commit in common. Bring them together by hand.")
    if git.text("rev-list", "--merges", old, f"^{onto}"):
        return Obstacle("conflict", "There are merges among the commits here, which a rebase would lose.")
    with _worktree_at(git, old) as inner:
        finished = inner.run(
            "rebase", "--quiet", "--no-stat", onto, timeout=_TIMEOUT, settings=_SETTINGS, ok=None
        )
        if not finished.ok:
            return Obstacle(
                "conflict", f"A rebase meets a conflict: git pull --rebase. {excerpt(finished, 3)}"
            )
        new = inner.resolve("HEAD")
        if not checks_pass(inner.root):
            return Obstacle("checks-failed", "A rebase is possible, but the checks fail on its result.")
    return _move(git, branch, new) or _pairs(git, onto, old, new)


def _move(git: Git, branch: str, new: str) -> Obstacle | None:
    """Set branch and working tree to a commit; git refuses where uncommitted changes are in the way."""
    wait_for_index(git)
    moved = git.run("switch", "--quiet", "--no-track", "--force-create", branch, new, hooks=True, ok=None)
    if git.resolve("HEAD") != new:
        return Obstacle("conflict", f"Uncommitted changes are in the way of a rebase: {excerpt(moved, 6)}")
    return None


@contextlib.contextmanager
def _worktree_at(git: Git, commit: str) -> Iterator[Git]:
    """A temporary worktree with a detached HEAD; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="batch-implement-") as name:
        path = Path(name) / "rebased"
        git.run("worktree", "add", "--quiet", "--detach", str(path), commit, timeout=_TIMEOUT)
        try:
            yield Git(path)
        finally:
            git.run("worktree", "remove", "--force", str(path), ok=None)


def _pairs(git: Git, onto: str, old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Commits before and after a rebase, told by author's date and message; one that became empty has
    no counterpart."""
    after = _described(git, onto, new)
    return tuple((sha, after[key]) for key, sha in _described(git, onto, old).items() if key in after)


def _described(git: Git, base: str, tip: str) -> dict[str, str]:
    log = git.run("log", "-z", "--reverse", "--format=%H%n%at%n%B", tip, f"^{base}", "--").text
    records = (record.partition("\n") for record in log.split("\0") if record)
    return {described: sha for sha, _, described in records}
