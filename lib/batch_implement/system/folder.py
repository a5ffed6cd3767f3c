"""Files below the project, opened so that no link can lead a read or a write elsewhere.

Every component below the root is opened with ``O_NOFOLLOW`` relative to the one before it, and every
operation is relative to the folder's descriptor. Swapping a folder for a symbolic link, before or
during an operation, makes the operation fail and never moves it.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from batch_implement.errors import PathError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

PRIVATE = 0o600
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ_LIMIT = 64 * 1024 * 1024


class Folder:
    """An open folder; use it in a ``with`` statement.

    Names are single components. Errors of the operating system pass through as :class:`OSError`, but
    for links, special files and hard links, which are a :class:`PathError` that names the file.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def open(cls, root: Path, *names: str, create: bool = False) -> Folder:
        """Open ``root/names…``; ``create`` makes the folders below the root that are missing.

        The root itself may be reached through links (a user may keep a project behind one).
        """
        path, descriptor = root, os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for name in names:
            path = path / _component(name)
            try:
                inner = _open_directory(name, descriptor, path, create=create)
            finally:
                os.close(descriptor)
            descriptor = inner
        return cls(path, descriptor)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.descriptor)

    def read(self, name: str, limit: int = READ_LIMIT, *, twin: str = "") -> bytes:
        """The whole of a regular file of at most ``limit`` bytes.

        A second hard link is refused, unless it is ``twin`` in the same folder.
        """
        descriptor = self._open(name, os.O_RDONLY)
        try:
            size = self._regular(name, descriptor, twin).st_size
            if size > limit:
                raise PathError(f"{self.path / name} is {size:,} bytes; more than {limit:,} is not read.")
            return _read_all(descriptor)
        finally:
            os.close(descriptor)

    def write(self, name: str, data: bytes, *, before_replace: Callable[[], None] | None = None) -> None:
        """Replace a file as one step that survives power loss: temporary file, fsync, rename, fsync.

        ``before_replace`` runs when the new content is safe on disk under its temporary name and the
        old file is still in place. Whatever fails, the old file is left as it was. What stands under the
        name is replaced, not written through: a link there is lost, and what it led to is untouched.
        """
        temporary = f"{name}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
        descriptor = self._open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            try:
                write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if before_replace is not None:
                before_replace()
            self.rename(temporary, name)
        except BaseException:
            self.remove(temporary)
            raise
        os.fsync(self.descriptor)

    def append(self, name: str, line: bytes) -> None:
        """Add one line durably: a single write, so that lines of several processes never mix."""
        descriptor = self._open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            self._regular(name, descriptor)
            written = os.write(descriptor, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path / name))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, old: str, new: str) -> None:
        os.rename(old, _component(new), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def link(self, old: str, new: str) -> None:
        """Give a file a second name; :class:`OSError` where the file system has no hard links."""
        os.link(
            _component(old),
            _component(new),
            src_dir_fd=self.descriptor,
            dst_dir_fd=self.descriptor,
            follow_symlinks=False,
        )

    def remove(self, name: str) -> bool:
        """Remove a file; False when there was none."""
        try:
            os.unlink(_component(name), dir_fd=self.descriptor)
        except FileNotFoundError:
            return False
        return True

    def names(self) -> list[str]:
        return sorted(os.listdir(self.descriptor))

    def exists(self, name: str) -> bool:
        return self._stat(name) is not None

    def size(self, name: str) -> int:
        """In bytes; 0 when there is no such file."""
        found = self._stat(name)
        return found.st_size if found is not None else 0

    def open_file(self, name: str, flags: int) -> int:
        """A descriptor of a regular file; the caller closes it."""
        descriptor = self._open(name, flags)
        try:
            self._regular(name, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def refuse_special(self, name: str, *, twin: str = "") -> None:
        """Raise for a name that is there and is not a regular file of its own."""
        found = self._stat(name)
        if found is not None:
            self._check(name, found, twin)

    def _open(self, name: str, flags: int) -> int:
        # O_NONBLOCK: opening a FIFO that someone put in the file's place must not wait for a writer.
        safe = flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            return os.open(_component(name), safe, PRIVATE, dir_fd=self.descriptor)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _link(self.path / name) from error
            if error.errno in {errno.ENXIO, errno.EISDIR}:  # a FIFO nobody reads, a folder
                raise PathError(f"{self.path / name} is not a regular file. Move it away.") from error
            raise

    def _regular(self, name: str, descriptor: int, twin: str = "") -> os.stat_result:
        found = os.fstat(descriptor)
        self._check(name, found, twin)
        return found

    def _stat(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(_component(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def _check(self, name: str, found: os.stat_result, twin: str) -> None:
        path = self.path / name
        if stat.S_ISLNK(found.st_mode):
            raise _link(path)
        if not stat.S_ISREG(found.st_mode):
            raise PathError(f"{path} is not a regular file. Move it away.")
        if found.st_nlink > 1 and not self._is_twin(found, twin):
            raise PathError(
                f"{path} has {found.st_nlink} hard links, so a write could change another file. "
                "Replace it by a copy."
            )

    def _is_twin(self, found: os.stat_result, twin: str) -> bool:
        other = self._stat(twin) if twin else None
        return found.st_nlink == 2 and other is not None and os.path.samestat(found, other)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``: a short write (a nearly full disk) is continued, not taken for success."""
    view = memoryview(data)
    while view:
        written = os.write(descriptor, view)
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[written:]


def _component(name: str) -> str:
    if not name or name in {".", ".."} or "/" in name or "\0" in name:
        raise PathError(f"{name!r} is not the name of a file. Use a name without '/' and '..'.")
    return name


def _open_directory(name: str, parent: int, path: Path, *, create: bool) -> int:
    try:
        return os.open(name, _DIRECTORY, dir_fd=parent)
    except FileNotFoundError:
        if not create:
            raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise _not_a_folder(path, name, parent) from error
        raise
    try:
        os.mkdir(name, 0o755, dir_fd=parent)
    except FileExistsError:
        pass
    return _open_directory(name, parent, path, create=False)


def _not_a_folder(path: Path, name: str, parent: int) -> PathError:
    if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        return _link(path)
    return PathError(f"{path} is not a folder. Move it away, so that one can be made there.")


def _link(path: Path) -> PathError:
    return PathError(
        f"{path} is a symlink, and links are not followed here. Put the real file or folder there."
    )


def _read_all(descriptor: int) -> bytes:
    chunks = []
    while chunk := os.read(descriptor, 1 << 20):
        chunks.append(chunk)
    return b"".join(chunks)
