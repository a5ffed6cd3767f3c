"""A project is rid of what batches left in it: states, history, reports, locks, lines in git's exclude."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.errors import BatchStateError, GitError
from batch_implement.proof.check_run import forget
from batch_implement.state.home import AUDIT, BATCHES, FOLDER, STATE, audit_name, is_batch_file
from batch_implement.state.past_batches import unfinished
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.workspace.excludes import include_batch_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from batch_implement.engine.project import Project

_LOCK = f"{STATE}.lock"
_LOCK_SECONDS = 30.0


@dataclass(frozen=True)
class Cleaned:
    """``removed`` are paths below the home. Where a batch is not at its end nothing was done, and
    ``unfinished`` says which it is, "?" for one that can't be read."""

    removed: tuple[str, ...] = ()
    excluded: bool = False
    unfinished: str = ""


def clean(project: Project, *, with_unfinished: bool) -> Cleaned:
    """Remove it all, but nothing while a batch is not at its end, unless that is wanted."""
    if not with_unfinished and (batch_id := _unfinished(project)):
        return Cleaned(unfinished=batch_id)
    forget(project.home)
    removed = _remove_files(project.home)
    try:
        excluded = include_batch_files(project.git)
    except GitError:  # no repository (any more), so no such file
        excluded = False
    return Cleaned(removed, excluded)


def _unfinished(project: Project) -> str:
    """The id of a batch that may go on."""
    try:
        if project.state.exists():
            batch = project.state.read()
            return "" if batch.is_over else batch.batch_id
        with Folder.open(project.home, *BATCHES) as folder:
            document = unfinished(folder)
    except FileNotFoundError:
        return ""
    except BatchStateError:
        return "?"
    return str(document["batch_id"]) if document is not None else ""


def _remove_files(home: Path) -> tuple[str, ...]:
    removed: list[str] = []
    with contextlib.suppress(FileNotFoundError), Folder.open(home, FOLDER) as top:
        with locked(top, _LOCK, _LOCK_SECONDS) as lock:
            lock.confirm()
            for names in (BATCHES, AUDIT, (FOLDER,)):
                removed += _remove_ours(home, names)
            top.remove(_LOCK)
        for names in (BATCHES, AUDIT, (FOLDER,)):
            with contextlib.suppress(OSError):  # it holds what is not ours, or was never there
                home.joinpath(*names).rmdir()
    return tuple(removed)


def _remove_ours(home: Path, names: tuple[str, ...]) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError), Folder.open(home, *names) as folder:
        for name in folder.names():
            path = "/".join((*names, name))
            is_ours = name.endswith(audit_name("")) if names == AUDIT else is_batch_file(path)
            if is_ours and name != _LOCK and folder.remove(name):
                yield path
