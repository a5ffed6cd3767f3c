"""An index of our own, beside the user's: HEAD plus the given changes, and nothing the user staged."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.system.git.path_lists import join_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.change_set import Change, ChangeSet

_UPDATE = ("update-index", "--add", "--remove", "--replace", "-z")
# A shared index would be written beside the user's.
WHOLE = {"core.splitIndex": "false"}


class TreeChangedError(GitError):
    """The working tree is no longer what was looked at."""


def tree_fingerprint(git: Git, changes: ChangeSet) -> str:
    """The id of the tree that a commit of just the pending changes would have.

    What a check was run on is tied to what is committed by comparing it with the commit's tree. Nothing
    is written into the repository. The cost grows with the number of changes, and with that of tracked
    files only as reading an index does.
    """
    with _folder_apart(git) as environment:
        return _filled(git, changes.head, changes.pending, environment)


@contextlib.contextmanager
def temporary_index(git: Git, head: str, changes: Iterable[Change]) -> Iterator[Path]:
    """The path of an index that holds a commit (``""``: nothing) and the changes; it is gone after the
    ``with`` statement."""
    with tempfile.TemporaryDirectory(prefix="batch-implement-") as name:
        index = Path(name) / "index"
        fill_index(git, head, changes, {"GIT_INDEX_FILE": str(index)})
        yield index


@contextlib.contextmanager
def index_of_tree(git: Git, changes: ChangeSet, tree: str) -> Iterator[Path]:
    """The path of an index that holds just the tree, which is the :func:`tree_fingerprint` of before.

    :class:`TreeChangedError` when the working tree holds another one by now; nothing was written into the
    repository then. Its new objects are not in the repository either, before :func:`stage` has put them
    there.
    """
    with _folder_apart(git) as environment:
        # Where the user has staged nothing, the user's index with the changes is it already.
        _copy_users_index(git, environment)
        stage(git, changes.pending, environment)
        if _written_tree(git, environment) != tree:
            found = _filled(git, changes.head, changes.pending, environment)
            if found != tree:
                raise TreeChangedError(
                    f"Files changed in {git.root} after they were checked: the tree is {found[:12]} now and "
                    f"was {tree[:12]}."
                )
        yield Path(environment["GIT_INDEX_FILE"])


@contextlib.contextmanager
def _folder_apart(git: Git) -> Iterator[dict[str, str]]:
    """Variables by which an index and new objects go to a folder of ours, and not into the repository."""
    with tempfile.TemporaryDirectory(prefix="batch-implement-") as name:
        folder = Path(name)
        (folder / "objects").mkdir()
        yield {
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(git.places.objects),
        }


def _filled(git: Git, head: str, changes: Iterable[Change], environment: Mapping[str, str]) -> str:
    fill_index(git, head, changes, environment)
    return git.run("write-tree", env=environment, settings=WHOLE).text.strip()


def _written_tree(git: Git, environment: Mapping[str, str]) -> str:
    """``""`` for an index of which no tree can be made: one with conflicts."""
    return git.run("write-tree", env=environment, settings=WHOLE, ok=None).text.strip()


def fill_index(git: Git, head: str, changes: Iterable[Change], environment: Mapping[str, str]) -> None:
    """Make the index that ``GIT_INDEX_FILE`` names."""
    _copy_users_index(git, environment)
    start = ("--reset", head) if head else ("--empty",)
    git.run("read-tree", *start, env=environment, settings=WHOLE)
    stage(git, changes, environment)


def _copy_users_index(git: Git, environment: Mapping[str, str]) -> None:
    """For what it knows of files' times, so that nothing has to be read again."""
    users_index = git.places.index
    if users_index.exists():
        # With its time, by which git knows which files may have changed since within the same second.
        times = users_index.stat()
        shutil.copyfile(users_index, environment["GIT_INDEX_FILE"])
        os.utime(environment["GIT_INDEX_FILE"], ns=(times.st_atime_ns, times.st_mtime_ns))


def stage(git: Git, changes: Iterable[Change], environment: Mapping[str, str] | None = None) -> None:
    """Bring an index (the user's, when the environment names no other) to the working tree's content."""
    changes = list(changes)
    forgotten = [change.path for change in changes if change.kept_on_disk]
    present = [change.path.rstrip("/") for change in changes if not change.kept_on_disk]
    settings = WHOLE if environment else {}
    for options, paths in ((("--force-remove",), forgotten), ((), present)):
        if paths:
            update = (*_UPDATE, *options, "--stdin")
            git.run(*update, stdin=join_paths(paths), env=environment, settings=settings)


def _quoted(path: Path) -> str:
    """A path for a list that is separated by colons."""
    text = str(path)
    if ":" not in text and not text.startswith('"'):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
