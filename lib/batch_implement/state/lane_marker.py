"""The mark on a worktree that we made: from which home it is worked.

It is a file in the worktree's git directory. So it is in nobody's way and in no commit, goes away with the
worktree, and the hooks' shell guard reads it without starting a program.
"""

from __future__ import annotations

import os

from batch_implement.errors import PathError
from batch_implement.system.files.folder import Folder
from batch_implement.system.git.git_file import first_bytes, git_dir_of, is_linked_worktree

NAME = "batch-implement-home"


def mark_lane(lane: str | os.PathLike[str], home: str | os.PathLike[str]) -> None:
    """Have the batch of ``home`` found from the linked worktree ``lane``, given by its top.

    A mark that is there is replaced. Raises :class:`PathError` for a home that is no folder, and for what
    is no linked worktree: marked, the main tree would lose its own state, and a submodule its project.
    """
    place, git_dir = os.path.realpath(home), git_dir_of(os.path.realpath(lane))
    if not os.path.isdir(place):
        raise PathError(f"{home} can't be the home of a batch: it is no folder.")
    if not git_dir or not is_linked_worktree(git_dir):
        raise PathError(f"{os.fspath(lane)} is not a linked worktree of git, so it can't be a lane.")
    with Folder.open(git_dir) as folder:
        folder.write(NAME, os.fsencode(place) + b"\n")


def home_of_lane(git_dir: str) -> str:
    """The home that is marked in a git directory; ``""`` without a mark, or when it leads nowhere."""
    if not git_dir:
        return ""
    place = os.fsdecode(first_bytes(os.path.join(git_dir, NAME)).removesuffix(b"\n"))
    return place if os.path.isabs(place) and os.path.isdir(place) else ""
