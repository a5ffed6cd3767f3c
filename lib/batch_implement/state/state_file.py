"""The one door through which a batch's state is read and written.

A change is: lock, read, decide, write a temporary file and fsync it, record the transition in the
journal, keep the old state as the last good one, rename, fsync the folder. Whoever is told that a change
is done finds it after ``kill -9`` and after power loss. Readers take no lock: a rename is whole.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING, Any, TypeVar

from batch_implement.errors import BatchStateError, CorruptStateError, PathError
from batch_implement.state import journal
from batch_implement.state.document import Document
from batch_implement.system import clock
from batch_implement.system.file_lock import locked
from batch_implement.system.folder import Folder
from batch_implement.system.path_utils import get_project_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from batch_implement.system.clock import Clock
    from batch_implement.system.file_lock import FileLock

    Decide = Callable[[Document], journal.Transition]
    T = TypeVar("T")

LOCK_TIMEOUT = 30.0


class StateFile:
    """A state file below a project; it need not exist yet."""

    def __init__(self, path: Path, *, now: Clock = clock.utc_now) -> None:
        self.path = path
        self._now = now
        self._root, self._parts = _below_project(path)
        self._name = path.name
        self._backup = f"{path.name}.bak"

    def read(self) -> Document:
        """The state as it stands, or as it last was where the file can't be read.

        Nothing is written: a damaged file is set aside by the next change. Raises
        :class:`BatchStateError` when there is none and :class:`CorruptStateError` when nothing of it can
        be read.
        """
        with self._errors("read"), self._folder() as folder:
            return self._load(folder)[0]

    def exists(self) -> bool:
        try:
            with self._folder() as folder:
                return folder.exists(self._name)
        except FileNotFoundError:
            return False

    def create(self, fields: dict[str, Any], *, replace: bool = False) -> Document:
        """Write a new state; ``replace`` allows one to be there (it is kept as the last good one)."""
        with self._errors("write"), self._folder(create=True) as folder, self._lock(folder) as lock:
            if not replace and folder.exists(self._name):
                raise BatchStateError(f"{self.path} is there already. Finish or cancel that batch first.")
            folder.refuse_special(self._name, twin=self._backup)
            old = Document({})
            return self._write(folder, lock, old, journal.Transition("created", fields))

    def update(self, decide: Decide) -> Document:
        """Apply the transition that ``decide`` makes of the state under the lock; returns the new state."""
        with self._errors("write"), self._folder() as folder, self._lock(folder) as lock:
            document, damaged = self._load(folder)
            if damaged:
                self._set_aside(folder)
            self._sweep(folder)
            transition = decide(document)
            if not transition.changes and not damaged:
                return document
            return self._write(folder, lock, document, transition)

    def archive(self) -> None:
        """Move the state to the folder of past batches, so that no batch is at work any more."""
        with self._errors("write"), self._folder() as folder, self._lock(folder) as lock:
            document, _ = self._load(folder)
            with self._journal_folder() as past:
                past.write(f"{document['batch_id']}.json", document.render())
            lock.confirm()
            folder.remove(self._name)
            folder.remove(self._backup)
            os.fsync(folder.descriptor)

    def remove(self) -> None:
        """Remove the state and its last good copy; missing is fine."""
        with self._errors("remove"), contextlib.suppress(FileNotFoundError), self._folder() as folder:
            for name in (self._name, self._backup):
                folder.refuse_special(name, twin=self._name if name != self._name else self._backup)
                folder.remove(name)

    def history(self) -> list[dict[str, Any]]:
        """The journal's records of this batch."""
        batch_id = self.read()["batch_id"]
        with self._errors("read"), self._journal_folder() as past:
            return journal.read(past, batch_id)

    def _write(
        self, folder: Folder, lock: FileLock, old: Document, transition: journal.Transition
    ) -> Document:
        at = clock.timestamp(self._now())
        sequence = int(old.get("sequence", 0)) + 1
        new = old.changed({**transition.changes, "sequence": sequence, "updated_at": at})
        recorded = transition._replace(changes={**transition.changes, "sequence": sequence, "updated_at": at})
        record = journal.line(recorded, old, sequence, at)

        def before_replace() -> None:
            with self._journal_folder() as past:
                past.append(journal.name_of(new["batch_id"]), record)
            self._keep_last_good(folder, old)
            lock.confirm()

        folder.write(self._name, new.render(), before_replace=before_replace)
        return new

    def _keep_last_good(self, folder: Folder, old: Document) -> None:
        if not len(old):
            return
        temporary = f"{self._backup}.tmp"
        folder.remove(temporary)
        try:
            folder.link(self._name, temporary)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOENT}:
                raise
            folder.write(self._backup, old.render())
            return
        folder.rename(temporary, self._backup)

    def _load(self, folder: Folder) -> tuple[Document, bool]:
        """The state, and whether it had to be made from the last good one."""
        try:
            return Document.parse(folder.read(self._name, twin=self._backup)), False
        except FileNotFoundError:
            if not folder.exists(self._backup):
                raise
            reason = "it is gone"
        except CorruptStateError as error:
            reason = str(error)
        return self._last_good(folder, reason), True

    def _last_good(self, folder: Folder, reason: str) -> Document:
        try:
            document = Document.parse(folder.read(self._backup, twin=self._name))
        except (OSError, CorruptStateError, PathError):
            raise CorruptStateError(
                f"{self.path} can't be read ({reason}), and there is no earlier state beside it. What was "
                f"committed is in git; move the file away, and start the batch again with what is left."
            ) from None
        with contextlib.suppress(OSError), self._journal_folder() as past:
            for record in journal.read(past, document["batch_id"]):
                if record["sequence"] == int(document.get("sequence", 0)) + 1:
                    document = document.changed(journal.redo(document, record["changes"]))
        return document

    def _set_aside(self, folder: Folder) -> None:
        """Keep a damaged file under a name that says when it was found."""
        moment = self._now().strftime("%Y%m%d-%H%M%S-%f")
        with contextlib.suppress(FileNotFoundError):
            folder.rename(self._name, f"{self._name}.damaged-{moment}")
        folder.link(self._backup, self._name)

    def _sweep(self, folder: Folder) -> None:
        """Remove what writers that were killed left behind; under the lock no other writer is at work."""
        for name in folder.names():
            middle = name.removeprefix(f"{self._name}.").removesuffix(".tmp")
            if len(middle) == len(name) - len(self._name) - 5 and "." not in middle:
                folder.remove(name)

    def _folder(self, *, create: bool = False) -> Folder:
        return Folder.open(self._root, *self._parts, create=create)

    def _journal_folder(self) -> Folder:
        return Folder.open(self._root, *self._parts, journal.FOLDER, create=True)

    def _lock(self, folder: Folder) -> FileLock:
        return locked(folder, f"{self._name}.lock", LOCK_TIMEOUT)

    @contextlib.contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        """Turn what the operating system says into a sentence about this file."""
        try:
            yield
        except FileNotFoundError as error:
            raise BatchStateError(
                f"No batch is at work: there is no {self.path}. If it was ended, stop here; else start one."
            ) from error
        except OSError as error:
            raise BatchStateError(
                f"Could not {doing} {self.path}: {error.strerror}. {_cure(error)} The state is as it was."
            ) from error
        except PathError as error:
            raise BatchStateError(str(error)) from error
        except CorruptStateError as error:
            if str(self.path) in str(error):
                raise
            raise CorruptStateError(f"{self.path} can't be used: {error}.") from error


def _below_project(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The project's root and the folders from there to the file; refused outside of a project."""
    if ".." in path.parts or "\0" in str(path) or any(ord(letter) < 32 for letter in path.name):
        raise BatchStateError(
            f"{str(path)!r} can't be a state file: name a file in the project, without '..'."
        )
    absolute = path if path.is_absolute() else get_project_root() / path
    try:
        root = _root_of(absolute)
    except FileNotFoundError as error:
        raise BatchStateError(f"{path} is outside the project. A state file lies below its root.") from error
    return root, absolute.relative_to(root).parts[:-1]


def _root_of(path: Path) -> Path:
    """As :func:`get_project_root`, but by the path as it is written: links in it are refused later."""
    for marker in (".git", ".claude"):
        for folder in path.parents:
            if (folder / marker).exists():
                return folder
    raise FileNotFoundError(path)


def _cure(error: OSError) -> str:
    cures = {
        errno.ENOSPC: "Free some disk space.",
        errno.EDQUOT: "Your quota is used up: free some space.",
        errno.EROFS: "The file system is read-only.",
        errno.EACCES: "Make the folder writable for you.",
        errno.EPERM: "Make the folder writable for you.",
        errno.EFBIG: "The file size limit (ulimit -f) is too small.",
        errno.EMFILE: "Too many files are open (ulimit -n).",
        errno.EIO: "The disk reports an error: look at the system's log.",
    }
    return cures.get(error.errno or 0, "Look at the file and its folder.")
