"""git's ``index.lock``: waited for while its owner lives, named in the error when nobody owns it.

A lock of someone else's is never removed here. Its owner is looked for in ``/proc``; where there is
none, every lock counts as one that may still be in use.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.system.patience import Delay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batch_implement.system.git.git import Git

WAIT = 30.0
_PAUSE = 0.1
# Long enough for a git in another container, which /proc does not show, to end what it is doing.
_GRACE = 2.0
_PROC = Path("/proc")


class IndexLockedError(GitError):
    """Another git has the index, or one that died left its lock."""


def wait_for_index(
    git: Git,
    timeout: float = WAIT,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return once no lock is there; :class:`IndexLockedError` after ``timeout`` seconds, for a lock whose
    owner is dead after two."""
    lock, started = git.places.index_lock, clock()
    delay = Delay("index", str(lock), timeout)
    while lock.exists():
        delay.goes_on()
        waited = clock() - started
        if waited >= _GRACE and _PROC.is_dir() and not owners(git, lock) and lock.exists():
            raise IndexLockedError(
                f"{lock} was left by a git that has died: no program that runs here works with it. "
                f"Remove it: rm '{lock}'"
            )
        if waited >= timeout:
            raise IndexLockedError(
                f"Another git is working in {git.root}: {lock} was still there after {timeout:g} seconds. "
                "Let it end, or, if none is running, remove that file."
            )
        sleep(_PAUSE)


def owners(git: Git, lock: Path) -> list[int]:
    """Processes that may own the lock: those that have it open, and gits at work in this repository."""
    folders = (str(git.root.resolve()), str(lock.parent.resolve()))
    return [pid for pid in _processes() if _has_open(pid, lock) or (_is_git(pid) and _works_in(pid, folders))]


def _processes() -> Iterator[int]:
    own = os.getpid()
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and int(entry.name) != own:
            yield int(entry.name)


def _has_open(pid: int, lock: Path) -> bool:
    try:
        return any(os.readlink(entry) == str(lock) for entry in (_PROC / str(pid) / "fd").iterdir())  # noqa: PTH115 -- the link's text, not a path
    except OSError:
        return False


def _is_git(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "comm").read_text(errors="replace").startswith(("git", "jgit", "java"))
    except OSError:
        return False


def _works_in(pid: int, folders: tuple[str, ...]) -> bool:
    """True for a process whose folder is in the repository, and for one that will not say."""
    try:
        folder = str((_PROC / str(pid) / "cwd").readlink())
    except PermissionError:
        return True
    except OSError:
        return False
    return any(folder == place or folder.startswith(place + "/") for place in folders)
