"""A file of the project that a person named, as text; or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

from batch_implement.errors import PathError, PlanError
from batch_implement.system.files import user_file
from batch_implement.system.files.inside import inside
from batch_implement.system.text.shortening import shorten

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
        text = user_file.read_text(path, _SIZE_LIMIT)
    except FileNotFoundError as error:
        raise PlanError(f"{name} is not there. Give the path of a features file in this project.") from error
    except user_file.UnusableFileError as error:
        raise PlanError(f"{shorten(name, 200)}{error}") from error
    if "\0" in text:
        at = text.index("\0")
        raise PlanError(f"{name} is not a text file: it has a NUL byte at {at}. Save it as UTF-8 text.")
    if not path.stat().st_size:
        raise PlanError(f"{name} is empty. Write one feature a line.")
    return text
