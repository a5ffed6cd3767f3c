"""Files below the project, opened so that no link can lead a read or a write elsewhere.

Every component below the root is opened with ``O_NOFOLLOW`` relative to the one before it, and every
operation is relative to the folder's descriptor. Swapping a folder for a symbolic link, before or
during an operation, makes the operation fail and never moves it.
"""

from __future__ import annotations

import os

from batch_implement.errors import PathError
from batch_implement.system.files import no_follow
from batch_implement.system.files.whole_file import close, expect_size, read_all, write_all

TYPE_CHECKING = False  # importing typing takes longer than a whole write does
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

READ_LIMIT = 64 * 1024 * 1024
_LOOKS = 50  # at a file that has a second name for an instant, while another process replaces it


class NotDurableError(OSError):
    """The change is made and visible, but the disk did not confirm that it would survive power loss."""


class Folder:
    """An open folder; use it in a ``with`` statement.

    Names are single components. Errors of the operating system pass through as :class:`OSError`, but
    for links, special files and hard links, which are a :class:`PathError` that names the file.
    """

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def open(cls, root: str | os.PathLike[str], *names: str, create: bool = False) -> Folder:
        """Open ``root/names…``; ``create`` makes the folders below the root that are missing.

        The root itself may be reached through links (a user may keep a project behind one).
        """
        folder = cls(os.fspath(root), os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for name in names:
            with folder as outer:
                folder = outer.inner(name, create=create)
        return folder

    def inner(self, name: str, *, create: bool = False) -> Folder:
        """Open a folder in this one; ``create`` makes it, durably, when it is missing."""
        path = self._path(no_follow.component(name))
        return Folder(path, no_follow.open_directory(name, self.descriptor, path, create=create))

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        close(self.descriptor)

    def read(self, name: str, limit: int = READ_LIMIT, *, twin: str = "") -> bytes:
        """The whole of a regular file of at most ``limit`` bytes.

        A second hard link is refused, unless it is ``twin`` in the same folder.
        """
        descriptor = self._open(name, os.O_RDONLY)
        try:
            size = self._regular(name, descriptor, twin).st_size
            if size > limit:
                raise PathError(f"{self._path(name)} is {size:,} bytes; more than {limit:,} is not read.")
            return read_all(descriptor, size)
        finally:
            close(descriptor)

    def write(
        self, name: str, *data: bytes | memoryview, before_replace: Callable[[], None] | None = None
    ) -> None:
        """Replace a file as one step that survives power loss: temporary file, fsync, rename, fsync.

        ``before_replace`` runs when the new content is safe on disk under its temporary name and the
        old file is still in place. Whatever fails, the old file is left as it was, but for a
        :class:`NotDurableError` at the very end. What stands under the name is replaced, not written
        through: a link there is lost, and what it led to is untouched.
        """
        temporary = f"{name}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
        descriptor = self._open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            try:
                write_all(descriptor, *data)
                expect_size(descriptor, sum(map(len, data)))
                os.fsync(descriptor)
            finally:
                close(descriptor)
            if before_replace is not None:
                before_replace()
            self.rename(temporary, name)
        except BaseException:
            self.discard(temporary)
            raise
        self.sync()

    def append(self, name: str, line: bytes, *, alone: bool = False) -> None:
        """Add one line durably: a single write, so that lines of several processes never mix.

        Who is ``alone`` (holds a lock) can tell a line that a crash cut off from one being written, and
        begins on a new one after it.
        """
        descriptor, is_new = self._open_to_append(name)
        try:
            size = self._regular(name, descriptor).st_size
            if alone and size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            write_all(descriptor, line)
            expect_size(descriptor, size + len(line))
            os.fsync(descriptor)
        finally:
            close(descriptor)
        if is_new:
            self.sync()

    def sync(self) -> None:
        """Make what was renamed, linked or removed here survive power loss."""
        try:
            os.fsync(self.descriptor)
        except OSError as error:
            raise NotDurableError(error.errno, error.strerror, self.path) from error

    def rename(self, old: str, new: str) -> None:
        os.rename(old, no_follow.component(new), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def link(self, old: str, new: str) -> None:
        """Give a file a second name; :class:`OSError` where the file system has no hard links."""
        os.link(
            no_follow.component(old),
            no_follow.component(new),
            src_dir_fd=self.descriptor,
            dst_dir_fd=self.descriptor,
            follow_symlinks=False,
        )

    def remove(self, name: str) -> bool:
        """Remove a file; False when there was none."""
        try:
            os.unlink(no_follow.component(name), dir_fd=self.descriptor)
        except FileNotFoundError:
            return False
        return True

    def discard(self, name: str) -> None:
        """Remove what has no use any more; that this fails is less than what else there is to tell."""
        try:
            self.remove(name)
        except OSError:
            return

    def names(self) -> list[str]:
        return sorted(os.listdir(self.descriptor))

    def leftovers(self) -> list[tuple[str, str]]:
        """Temporary files of :meth:`write`, and what each was to become; a killed writer leaves one."""
        found = []
        for name in self.names():
            target, _, unique = name.removesuffix(".tmp").rpartition(".")
            pid, _, rest = unique.partition("-")
            if target and name.endswith(".tmp") and pid.isdigit() and len(rest) == 8:
                found.append((name, target))
        return found

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
            close(descriptor)
            raise
        return descriptor

    def refuse_special(self, name: str, *, twin: str = "") -> None:
        """Raise for a name that is there and is not a regular file of its own."""
        found = self._stat(name)
        if found is not None and self._has_stranger(name, found, twin):
            raise no_follow.hard_links(self._path(name), found.st_nlink)

    def _path(self, name: str) -> str:
        return os.path.join(self.path, name)

    def _open_to_append(self, name: str) -> tuple[int, bool]:
        """A descriptor, and whether the file had to be made."""
        flags = os.O_RDWR | os.O_APPEND
        try:
            return self._open(name, flags), False
        except FileNotFoundError:
            return self._open(name, flags | os.O_CREAT), True

    def _open(self, name: str, flags: int) -> int:
        return no_follow.open_file(name, flags | os.O_CLOEXEC, self.descriptor, self._path(name))

    def _regular(self, name: str, descriptor: int, twin: str = "") -> os.stat_result:
        for _ in range(_LOOKS):
            found = os.fstat(descriptor)
            if not self._has_stranger(name, found, twin):
                return found
        raise no_follow.hard_links(self._path(name), found.st_nlink)

    def _stat(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(no_follow.component(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def _has_stranger(self, name: str, found: os.stat_result, twin: str) -> bool:
        """Whether it has another name than ``twin``; a :class:`PathError` for what is no regular file."""
        no_follow.refuse_special(found, self._path(name))
        if found.st_nlink <= 1:
            return False
        other = self._stat(twin) if twin else None
        return found.st_nlink > 2 or other is None or not os.path.samestat(found, other)
