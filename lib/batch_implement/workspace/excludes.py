"""Keeps the batch's own files out of git by the repository's exclude file, not the user's .gitignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.state.home import ignored

if TYPE_CHECKING:
    from batch_implement.system.git.git import Git

LINES = ("# the state and history of batch-implement", *ignored())


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
