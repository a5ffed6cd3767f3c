"""One process at a time: a lock on a file that ends with its holder and with nothing else.

The kernel's ``flock`` holds it, so that a killed holder's lock is free at once and no lock is ever
broken by its age. Only the standard library's C modules are imported here: taking a lock is on the way
of every update, and importing a lock library takes several times as long as starting Python.

A lock file that is deleted or replaced while the lock is held must not give two holders:

- a lock file is made only here, and says which inode it is; any other file under its name is replaced;
- making one takes an exclusive lock on the folder, and :meth:`FileLock.confirm` takes a shared one
  before it looks whether the holder's file is still in place. So either the new file comes first and the
  holder is told that it lost the lock, or the holder writes first and the next one reads what it wrote.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from _thread import get_ident

from batch_implement.errors import LockError
from batch_implement.system.files import kernel_lock
from batch_implement.system.files.whole_file import write_all
from batch_implement.system.patience import Delay
from batch_implement.system.process.identity import identity, live_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from batch_implement.system.files.folder import Folder

_RECORD = 128
_REPLACEMENTS = 1000  # in a row, each within one attempt of ours: an attack, not an accident
_FOLDERS_NOT_LOCKED = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP}
_Key = tuple[int, int, str]

_held: dict[_Key, FileLock] = {}


def locked(folder: Folder, name: str, timeout: float) -> FileLock:
    """Hold the lock ``name`` in ``folder`` for a ``with`` statement, waiting ``timeout`` seconds at most.

    Raises :class:`LockError` when the time is up, naming the holder where it is known, and at once when
    this thread holds the lock already; :class:`PathError` for a link or special file under the name. The
    lock file stays when the lock is given back: removing it would let two processes in.
    """
    return FileLock(folder, name, timeout)


class FileLock:
    """A lock to be taken by ``with``; see :func:`locked`."""

    def __init__(self, folder: Folder, name: str, timeout: float) -> None:
        self._folder = folder
        self._name = name
        self._timeout = timeout
        self._deadline = 0.0
        self.thread = 0
        self._descriptor = -1
        self._folder_descriptor = -1

    def __enter__(self) -> FileLock:
        place = os.fstat(self._folder.descriptor)
        self._key = (place.st_dev, place.st_ino, self._name)
        holder = _held.get(self._key)
        if holder is not None and holder.thread == get_ident():
            raise LockError(
                f"{self._path} is held already by this very thread, which would wait for itself for ever. "
                "Give it back before taking it again."
            )
        self._deadline = time.monotonic() + self._timeout
        self._descriptor = self._acquire()
        self.thread = get_ident()
        _held[self._key] = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor < 0:
            return  # a forked child, which never held it
        del _held[self._key]
        # Not just closed: a child forked by C code would keep a lock that is only closed here.
        kernel_lock.give_back(self._descriptor)
        kernel_lock.close(self._descriptor)
        if self._folder_descriptor >= 0:
            kernel_lock.close(self._folder_descriptor)
        self.forget()

    def confirm(self) -> None:
        """Raise :class:`LockError` unless the lock is still ours; from here to its end it can't be lost.

        Call it last before the change is made (:meth:`Folder.write` takes it as ``before_replace``).
        """
        if self._descriptor < 0:
            raise LockError(
                f"{self._path} is not held here: it was given back, or this process was forked from its "
                "holder, and a forked process has no part in the lock."
            )
        if self._folder_descriptor < 0:
            self._folder_descriptor = self._lock_folder(fcntl.LOCK_SH, time.monotonic() + self._timeout)
        if not self._in_place(self._descriptor):
            raise LockError(
                f"{self._path} was removed or replaced while it was held, so nothing was written. "
                "Leave that file alone and try again."
            )

    def forget(self) -> None:
        """Hold nothing, without giving back what is not ours: for a forked child."""
        self._descriptor = self._folder_descriptor = -1

    @property
    def _path(self) -> str:
        return f"{self._folder.path}/{self._name}"

    def _acquire(self) -> int:
        for _ in range(_REPLACEMENTS):
            descriptor = self._open(os.O_RDWR)
            if descriptor < 0:
                self._make()
                continue
            kernel_lock.adopt(descriptor)
            try:
                self._wait(descriptor, fcntl.LOCK_EX, self._deadline)
                if self._in_place(descriptor):
                    if _names_itself(descriptor):
                        os.pwrite(descriptor, _record(descriptor, identity(os.getpid())), 0)
                        return descriptor
                    self._make()
            except BaseException:
                kernel_lock.close(descriptor)
                raise
            kernel_lock.close(descriptor)
        raise LockError(f"{self._path} is removed or replaced again and again. Find out by which program.")

    def _open(self, flags: int) -> int:
        try:
            return self._folder.open_file(self._name, flags)
        except FileNotFoundError:
            return -1

    def _in_place(self, descriptor: int) -> bool:
        try:
            found = os.stat(self._name, dir_fd=self._folder.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(descriptor))

    def _make(self) -> None:
        """Put a new lock file in place, unless another process has done it meanwhile."""
        folder_descriptor = self._lock_folder(fcntl.LOCK_EX, self._deadline)
        try:
            if not self._made():
                temporary = f"{self._name}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
                descriptor = self._folder.open_file(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
                try:
                    write_all(descriptor, _record(descriptor, ""))
                    self._folder.rename(temporary, self._name)
                except BaseException:
                    self._folder.remove(temporary)
                    raise
                finally:
                    os.close(descriptor)
        finally:
            kernel_lock.give_back(folder_descriptor)
            kernel_lock.close(folder_descriptor)

    def _made(self) -> bool:
        descriptor = self._open(os.O_RDONLY)
        if descriptor < 0:
            return False
        try:
            return _names_itself(descriptor)
        finally:
            os.close(descriptor)

    def _lock_folder(self, kind: int, deadline: float) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        descriptor = kernel_lock.adopt(os.open(".", flags, dir_fd=self._folder.descriptor))
        try:
            self._wait(descriptor, kind, deadline)
        except BaseException as error:
            # A network file system locks files only: there confirm() is right but for an instant.
            if not isinstance(error, OSError) or error.errno not in _FOLDERS_NOT_LOCKED:
                kernel_lock.close(descriptor)
                raise
        return descriptor

    def _wait(self, descriptor: int, kind: int, deadline: float) -> None:
        if not kernel_lock.take(descriptor, kind, deadline, self._say):
            raise self._held_too_long()

    def _say(self) -> None:
        Delay("lock", f"{self._path} ({self._holder()})", self._timeout).say()

    def _holder(self) -> str:
        try:
            record = self._folder.read(self._name, 2 * _RECORD).decode("ascii", "replace")
            pid = live_process(record.strip().partition(" ")[2])
        except FileNotFoundError:
            pid = 0
        return f"process {pid}" if pid else "another process"

    def _held_too_long(self) -> LockError:
        return LockError(
            f"{self._path} is held by {self._holder()}, and was not given back in {self._timeout:g} seconds. "
            "Try again when that process has finished; end it if it hangs."
        )


def _names_itself(descriptor: int) -> bool:
    words = os.pread(descriptor, _RECORD, 0).split()
    return bool(words) and words[0] == str(os.fstat(descriptor).st_ino).encode()


def _record(descriptor: int, holder: str) -> bytes:
    """The file's content, always of one size, so that a single write replaces all of it."""
    return f"{os.fstat(descriptor).st_ino} {holder}".ljust(_RECORD - 1)[: _RECORD - 1].encode() + b"\n"


def _forget_in_child() -> None:
    for lock in _held.values():
        lock.forget()
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)
