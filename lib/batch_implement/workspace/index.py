"""An index of our own, beside the user's: HEAD plus the given changes, and nothing the user staged."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.system.git.path_lists import join_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.change_set import Change

_UPDATE = ("update-index", "--add", "--remove", "--replace", "-z")
# A shared index would be written beside the user's.
_WHOLE = {"core.splitIndex": "false"}


def tree_fingerprint(git: Git, changes: Iterable[Change]) -> str:
    """The id of the tree that a commit of just these changes would have.

    What a check was run on is tied to what is committed by comparing it with the commit's tree. Nothing
    is written into the repository. The cost grows with the number of changes, and with that of tracked
    files only as reading an index does.
    """
    with tempfile.TemporaryDirectory(prefix="batch-implement-") as name:
        folder = Path(name)
        environment = {
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(git.places.objects),
        }
        (folder / "objects").mkdir()
        fill_index(git, changes, environment)
        written = git.run("write-tree", env=environment, settings=_WHOLE)
        return written.text.strip()


@contextlib.contextmanager
def temporary_index(git: Git, changes: Iterable[Change]) -> Iterator[Path]:
    """The path of an index that holds HEAD and the changes; it is gone after the ``with`` statement."""
    with tempfile.TemporaryDirectory(prefix="batch-implement-") as name:
        index = Path(name) / "index"
        fill_index(git, changes, {"GIT_INDEX_FILE": str(index)})
        yield index


def fill_index(git: Git, changes: Iterable[Change], environment: Mapping[str, str]) -> None:
    """Make the index that ``GIT_INDEX_FILE`` names; the user's is copied for what it knows of files'
    times, so that nothing has to be read again."""
    users_index = git.places.index
    if users_index.exists():
        # With its time, by which git knows which files may have changed since within the same second.
        times = users_index.stat()
        shutil.copyfile(users_index, environment["GIT_INDEX_FILE"])
        os.utime(environment["GIT_INDEX_FILE"], ns=(times.st_atime_ns, times.st_mtime_ns))
    start = ("--reset", "HEAD") if git.resolve("HEAD") else ("--empty",)
    git.run("read-tree", *start, env=environment, settings=_WHOLE)
    stage(git, changes, environment)


def stage(git: Git, changes: Iterable[Change], environment: Mapping[str, str] | None = None) -> None:
    """Bring an index (the user's, when the environment names no other) to the working tree's content."""
    changes = list(changes)
    forgotten = [change.path for change in changes if change.kept_on_disk]
    present = [change.path.rstrip("/") for change in changes if not change.kept_on_disk]
    if forgotten:
        git.run(*_UPDATE, "--force-remove", "--stdin", stdin=join_paths(forgotten), env=environment)
    if present:
        git.run(*_UPDATE, "--stdin", stdin=join_paths(present), env=environment)


def _quoted(path: Path) -> str:
    """A path for a list that is separated by colons."""
    text = str(path)
    if ":" not in text and not text.startswith('"'):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
