"""A text file that a person keeps: its whole text, or why it can't be had."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class UnusableFileError(Exception):
    """The message is what the file is or lacks, to be put behind its name: ``is not a regular file. …``."""


def read_text(path: Path, limit: int) -> str:
    """Of at most ``limit`` bytes of UTF-8; :class:`FileNotFoundError` where there is none.

    Nothing is waited for: a FIFO is refused.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnusableFileError(f" can't be read: {error.strerror}. Make it readable.") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise UnusableFileError(" is a folder, and not a regular file. Name a file.")
        if not stat.S_ISREG(mode):
            raise UnusableFileError(" is not a regular file. Replace it by one.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:  # which refuses a folder
            data = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        size = f"{limit >> 20} MB" if limit >> 20 else f"{limit >> 10} KB"
        raise UnusableFileError(f" is larger than {size}. Take something out.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableFileError(f", line {line}: it is not UTF-8 text. Save the file as UTF-8.") from error
