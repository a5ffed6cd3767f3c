"""A ``.git`` that is a file: the checkout's git directory lies elsewhere. Read without starting git.

So it is with a linked worktree, a submodule, and a repository whose git directory was moved away
(``git help repository-layout``).
"""

from __future__ import annotations

import os

_BEGINNING = b"gitdir: "
_LIMIT = 64 * 1024


def git_dir_of(top: str) -> str:
    """Where a checkout's ``.git`` file leads, as an absolute path; ``""`` where it is no such file."""
    text = first_bytes(os.path.join(top, ".git"))
    if not text.startswith(_BEGINNING):
        return ""
    return os.path.join(top, os.fsdecode(text[len(_BEGINNING) :].removesuffix(b"\n")))


def is_linked_worktree(git_dir: str) -> bool:
    return os.path.exists(os.path.join(git_dir, "commondir"))


def is_submodule(git_dir: str) -> bool:
    """Whether it is where git keeps a submodule's; a worktree of a submodule is a worktree."""
    return "/modules/" in git_dir and not is_linked_worktree(git_dir)


def first_bytes(path: str) -> bytes:
    """A small regular file's content, ``b""`` where there is none or it can't be read."""
    if not os.path.isfile(path):  # a FIFO would be waited for
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(_LIMIT)
    except OSError:
        return b""
