"""The documented calls on paths and the audit log."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from batch_implement.errors import PathError
from batch_implement.system.files import audit_log
from batch_implement.system.files.folder import Folder

_AUDIT = (".claude", "audit")


def validate_path(path: Path, root: Path) -> Path:
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
            raise PathError(
                f"{place} is a symlink, and links are not followed here. Put the real file or folder there."
            )
    return place


def append_audit_record(root: Path, name: str, record: Mapping[str, object]) -> None:
    """Add a record, cleared of what looks like a secret, to ``.claude/audit/NAME`` of the project."""
    with Folder.open(root, *_AUDIT, create=True) as folder:
        audit_log.append_record(folder, name, record)


def read_audit_records(root: Path, name: str) -> list[dict[str, object]]:
    """All whole records of ``.claude/audit/NAME``, oldest first; none where there is no such file."""
    try:
        with Folder.open(root, *_AUDIT) as folder:
            return audit_log.read_records(folder, name)
    except FileNotFoundError:
        return []


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
