"""Folders for a while, outside of the project; one that a killed process left is found and removed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import PathError
from batch_implement.system.process import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "batch-implement-"
_OTHERS = ("/tmp", "/var/tmp")  # noqa: S108 -- only a folder of a new name is made there, for us alone


@contextmanager
def temporary_folder(outside_of: Path) -> Iterator[Path]:
    """A new folder that is not inside of ``outside_of``, gone afterwards.

    Raises :class:`PathError` when there is no place for one.
    """
    place = _place(outside_of)
    _remove_left_ones(place)
    name = f"{_PREFIX}{os.getpid()}-{_owner(os.getpid())}-"
    folder = Path(tempfile.mkdtemp(prefix=name, dir=place)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(outside_of: Path) -> Path:
    project = outside_of.resolve()
    for name in (tempfile.gettempdir(), *_OTHERS):
        place = Path(name).resolve()
        if os.access(place, os.W_OK | os.X_OK) and not place.is_relative_to(project):
            return place
    raise PathError(
        f"There is no folder for temporary files outside of {project}. Set TMPDIR to one, and start again."
    )


def _owner(pid: int) -> str:
    """When a process was started, and what tells the process ids of containers apart; 0 without ``/proc``."""
    _, _, rest = identity.identity(pid).partition(" ")
    return f"{rest.partition(' ')[0] or 0}-{_numbering()}"


def _numbering() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return "0"


def _remove_left_ones(place: Path) -> None:
    for path in place.glob(f"{_PREFIX}*-*-{_numbering()}-*"):
        pid, _, rest = path.name.removeprefix(_PREFIX).partition("-")
        if not pid.isdigit() or rest.startswith(f"{_owner(int(pid))}-"):
            continue
        try:
            is_ours = path.lstat().st_uid == os.getuid() and not path.is_symlink()
        except OSError:
            continue
        if is_ours:
            shutil.rmtree(path, ignore_errors=True)
