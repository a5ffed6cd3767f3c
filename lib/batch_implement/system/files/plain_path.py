"""A path that leads where it says."""

from __future__ import annotations

import stat
import unicodedata
from typing import TYPE_CHECKING

from batch_implement.errors import PathError
from batch_implement.system.files import path_refusals

if TYPE_CHECKING:
    from pathlib import Path


def plain_path(path: Path, root: Path) -> Path:
    """The absolute path of something inside ``root``, or :class:`PathError`.

    Nothing need be there yet. No part below the root may be a symbolic link. What may be swapped after
    the look is to be opened through :class:`~batch_implement.system.files.folder.Folder`.
    """
    if any(_is_hidden(letter) for letter in str(path)):
        raise PathError(f"{str(path)!r} has control or hidden characters. Use a plain name.")
    try:
        parts = (path.relative_to(root) if path.is_absolute() else path).parts
    except ValueError:
        raise PathError(f"{path} is outside {root}. Use a path inside it.") from None
    if ".." in parts:
        raise PathError(f"{path} has '..' in it, which could lead out of {root}. Write the path without it.")
    place = root
    for part in parts:
        place /= part
        if _is_link(place):
            raise path_refusals.link(str(place))
    return place


def _is_hidden(letter: str) -> bool:
    # A space of whatever width is not printable to Python, and files have them in their names.
    return not letter.isprintable() and unicodedata.category(letter) != "Zs"


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise PathError(
            f"{path} can't be looked at: {error.strerror}. Use a shorter or readable path."
        ) from error
