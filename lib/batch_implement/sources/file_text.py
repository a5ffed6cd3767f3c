"""A file of the project that a person named, as text; or a sentence that says why not."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from batch_implement.errors import PathError, PlanError
from batch_implement.system.files.inside import inside
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from pathlib import Path

# A thousand features of ten thousand characters of four bytes each, and comments between them.
_SIZE_LIMIT = 48 * 1024 * 1024


def resolve(root: Path, folder: Path, name: str) -> Path:
    """Where it is, with its links followed; :class:`PathError` outside of the project."""
    if not name.strip() or "\0" in name:
        raise PlanError("No features file was named. Call: /batch-implement FILE")
    if any("\ud800" <= letter <= "\udfff" for letter in name):  # bytes that are not UTF-8, in Python's words
        raise PlanError(f"The name {ascii(name)[:200]} is not UTF-8. Rename the file.")
    try:
        return inside(root, folder / name)
    except (OSError, RuntimeError) as error:
        raise PlanError(f"{shorten(name, 200)} can't be read: {error}.") from error
    except PathError as error:
        raise PathError(f"{name} is outside the project {root}. Move or copy it into the project.") from error


def read_text(path: Path, name: str) -> str:
    """Raises :class:`PlanError`, naming the file as it was named and, where there is one, the line."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise PlanError(f"{name} is not there. Give the path of a features file in this project.") from error
    except OSError as error:
        raise PlanError(f"{shorten(name, 200)} can't be read: {error.strerror}.") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise PlanError(f"{name} is a folder. Give the path of a features file in it.")
        if not stat.S_ISREG(mode):
            raise PlanError(f"{name} is not a regular file. Give the path of a features file.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:  # which refuses a folder
            data = file.read(_SIZE_LIMIT + 1)
    finally:
        os.close(descriptor)
    return _decode(data, name)


def _decode(data: bytes, name: str) -> str:
    if len(data) > _SIZE_LIMIT:
        raise PlanError(f"{name} is larger than {_SIZE_LIMIT // 1024 // 1024} MB. Split it.")
    if not data:
        raise PlanError(f"{name} is empty. Write one feature a line.")
    if b"\0" in data:
        raise PlanError(
            f"{name} is not a text file: it has a NUL byte at {data.index(0)}. Save it as UTF-8 text."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(f"{name}, line {line}: it is not UTF-8 text. Save the file as UTF-8.") from error
