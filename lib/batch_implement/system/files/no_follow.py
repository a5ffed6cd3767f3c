"""Opening what is in a folder without following a link, and what is said of something that is no plain file.

A name is a single component, ``parent`` the folder's descriptor, and ``path`` what a person is shown.
"""

from __future__ import annotations

import errno
import os
import stat

from batch_implement.errors import PathError

PRIVATE = 0o600
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def component(name: str) -> str:
    if not name or name in {".", ".."} or "/" in name or "\0" in name:
        raise PathError(f"{name!r} is not the name of a file. Use a name without '/' and '..'.")
    return name


def open_file(name: str, flags: int, parent: int, path: str) -> int:
    # O_NONBLOCK: opening a FIFO that someone put in the file's place must not wait for a writer.
    try:
        return os.open(component(name), flags | os.O_NOFOLLOW | os.O_NONBLOCK, PRIVATE, dir_fd=parent)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _link(path) from error
        if error.errno in {errno.ENXIO, errno.EISDIR}:  # a FIFO nobody reads, a folder
            raise _special(path) from error
        raise


def open_directory(name: str, parent: int, path: str, *, create: bool) -> int:
    """``create`` makes it, durably, when it is missing."""
    try:
        return os.open(name, _DIRECTORY, dir_fd=parent)
    except FileNotFoundError:
        if not create:
            raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                raise _link(path) from error
            said = f"{path} is not a folder. Move it away, so that one can be made there."
            raise PathError(said) from error
        raise
    try:
        os.mkdir(name, 0o755, dir_fd=parent)
        os.fsync(parent)
    except FileExistsError:
        pass
    return open_directory(name, parent, path, create=False)


def refuse_special(found: os.stat_result, path: str) -> None:
    """Raise for what is no regular file."""
    if stat.S_ISLNK(found.st_mode):
        raise _link(path)
    if not stat.S_ISREG(found.st_mode):
        raise _special(path)


def hard_links(path: str, count: int) -> PathError:
    return PathError(
        f"{path} has {count} hard links, so a write could change another file. Replace it by a copy."
    )


def _link(path: str) -> PathError:
    return PathError(
        f"{path} is a symlink, and links are not followed here. Put the real file or folder there."
    )


def _special(path: str) -> PathError:
    """A folder, a FIFO, a device or a socket."""
    return PathError(f"{path} is not a regular file. Move it away.")
