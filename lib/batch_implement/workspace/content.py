"""What stands under a path of the working tree, as a short id that changes when it changes."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from batch_implement.system.git.git import Git

if TYPE_CHECKING:
    from pathlib import Path

ABSENT = "absent"
# A larger file is known by size, time and inode: reading gigabytes at every feature would cost minutes.
READ_LIMIT = 64 * 1024 * 1024


def content_id(root: Path, path: str) -> str:
    """The kind, the executable bit and a SHA-256 of what is at ``path``; :data:`ABSENT` for nothing.

    A link stands for its target's name. A repository of its own (a submodule, a nested clone) stands
    for its HEAD and what is changed in it.
    """
    place = root / path
    try:
        found = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    if stat.S_ISLNK(found.st_mode):
        return "link:" + _digest(os.fsencode(place.readlink()))
    if stat.S_ISDIR(found.st_mode):
        return _folder_id(place)
    if not stat.S_ISREG(found.st_mode):
        return f"special:{stat.S_IFMT(found.st_mode):o}"
    kind = "program" if found.st_mode & stat.S_IXUSR else "file"
    if found.st_size > READ_LIMIT:
        return f"{kind}:{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"
    return f"{kind}:{_digest(place.read_bytes())}"


def _folder_id(folder: Path) -> str:
    if not (folder / ".git").exists():
        return "folder"
    status = Git(folder).status()
    changed = sorted({entry.path for entry in status.entries} | set(status.untracked))
    lines = [status.head, *(f"{path}\0{content_id(folder, path)}" for path in changed)]
    return "repository:" + _digest(os.fsencode("\n".join(lines)))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
