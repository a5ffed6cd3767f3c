"""Paths that people give, kept within the project."""

from __future__ import annotations

from pathlib import Path

from batch_implement.errors import PathError


def inside(root: Path, path: Path) -> Path:
    """``path`` (a relative one from the root) with its links resolved; outside it is a :class:`PathError`."""
    resolved = (root / path).resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise PathError(f"{path} is outside the project {root}. Move or copy it into the project.")
    return resolved
