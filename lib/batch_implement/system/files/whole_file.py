"""All of a file's bytes or an error, whatever the single call of the operating system did."""

from __future__ import annotations

import errno
import os

_PARTS_AT_ONCE = 1024  # the least that an operating system takes (IOV_MAX)


def read_all(descriptor: int, size: int) -> bytes:
    """``size`` is what the file is expected to have; it is read to its end, wherever that is."""
    data = os.read(descriptor, size + 1)
    while chunk := os.read(descriptor, 1 << 16):
        data += chunk
    return data


def write_all(descriptor: int, *parts: bytes | memoryview) -> None:
    """Write all of the parts: a short write (a nearly full disk) is continued, not taken for success."""
    left = [memoryview(part) for part in parts if part]
    while left:
        written = os.writev(descriptor, left[:_PARTS_AT_ONCE])
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        while left and written >= len(left[0]):
            written -= len(left.pop(0))
        if written:
            left[0] = left[0][written:]


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
