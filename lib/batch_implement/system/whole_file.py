"""All of a file's bytes or an error, whatever the single call of the operating system did."""

from __future__ import annotations

import errno
import os


def read_all(descriptor: int) -> bytes:
    chunks = []
    while chunk := os.read(descriptor, 1 << 20):
        chunks.append(chunk)
    return b"".join(chunks)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``: a short write (a nearly full disk) is continued, not taken for success."""
    view = memoryview(data)
    while view:
        written = os.write(descriptor, view)
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[written:]


def expect_size(descriptor: int, size: int) -> None:
    """Raise when the file is smaller: some file systems lose bytes that they said they took."""
    found = os.fstat(descriptor).st_size
    if found < size:
        raise OSError(errno.EIO, f"{found:,} of {size:,} bytes arrived on the disk")


def close(descriptor: int) -> None:
    """Close a file that was only read, or is on disk already: an error has nothing more to tell."""
    try:
        os.close(descriptor)
    except OSError:
        return
