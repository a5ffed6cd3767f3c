"""Which commit is checked out, read from git's files. A hook has no time for a process."""

from __future__ import annotations

import os

from batch_implement.system.git.git_file import first_bytes

_REFERENCE = b"ref: "


def is_main_tree(top: str) -> bool:
    """Whether its git directory is in it: it is no linked worktree and no submodule."""
    return os.path.isdir(os.path.join(top, ".git"))


def checked_out_commit(top: str) -> str:
    """The commit that HEAD names in a main tree; ``""`` where only git can tell, as for a packed branch."""
    git_dir = os.path.join(top, ".git")
    found = first_bytes(os.path.join(git_dir, "HEAD")).strip()
    if found.startswith(_REFERENCE):
        branch = os.fsdecode(found[len(_REFERENCE) :])
        found = first_bytes(os.path.join(git_dir, branch)).strip()
    return found.decode("ascii", "replace")
