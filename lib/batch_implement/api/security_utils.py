"""The documented calls on paths and the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.system.files import audit_log
from batch_implement.system.files.folder import Folder
from batch_implement.system.files.plain_path import plain_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_AUDIT = (".claude", "audit")


def validate_path(path: Path, root: Path) -> Path:
    """The absolute path of something inside ``root``; :class:`PathError` for a way out or a symlink."""
    return plain_path(path, root)


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
