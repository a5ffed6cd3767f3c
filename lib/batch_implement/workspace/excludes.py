"""Keeps the batch's own files out of git by the repository's exclude file, not the user's .gitignore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.state.home import BATCHES, STATE_PATH, ignored

if TYPE_CHECKING:
    from batch_implement.system.git.git import Git

LINES = ("# the state and history of batch-implement", *ignored())


def include_batch_files(git: Git) -> bool:
    """Take our lines out of ``info/exclude``, unless another worktree has batch files; whether any were."""
    path = git.places.exclude
    try:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines(keepends=True)
    except FileNotFoundError:
        return False
    kept = [line for line in lines if line.rstrip("\r\n") not in LINES]
    if len(kept) == len(lines) or any(map(_has_batch_files, _worktrees(git))):
        return False
    path.write_text("".join(kept), encoding="utf-8", errors="surrogateescape")
    return True


def _worktrees(git: Git) -> list[Path]:
    listed = git.text("worktree", "list", "--porcelain", "-z").split("\0")
    return [Path(line.removeprefix("worktree ")) for line in listed if line.startswith("worktree ")]


def _has_batch_files(top: Path) -> bool:
    return (top / STATE_PATH).exists() or top.joinpath(*BATCHES).exists()


def exclude_batch_files(git: Git) -> None:
    """Add what is missing to ``info/exclude``, which all worktrees of the repository share."""
    path = git.places.exclude
    try:
        present = path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        path.parent.mkdir(exist_ok=True)
        present = ""
    missing = [line for line in LINES if line not in present.splitlines()]
    if not missing:
        return
    separator = "" if not present or present.endswith("\n") else "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(separator + "\n".join(missing) + "\n")
