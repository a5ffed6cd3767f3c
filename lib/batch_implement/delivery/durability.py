"""Objects of a commit that are on disk, whoever wrote them.

``core.fsync`` covers what the commit's own git writes. A blob that an earlier ``git add`` left loose, or a
commit that someone made meanwhile, is not written again and so not synced; it is here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batch_implement.system.git.git import Git

DURABLE = {"core.fsync": "committed", "core.fsyncMethod": "fsync"}


def sync_commits(git: Git, commits: Iterable[str]) -> None:
    """Sync the loose objects that each commit added: blobs, trees and the commit itself."""
    folder = git.places.objects
    objects: dict[str, None] = {}
    for sha in commits:
        listing = git.run("diff-tree", "--root", "-r", "-t", "-m", "--no-renames", "--no-commit-id", sha).text
        objects |= dict.fromkeys(line.split()[3] for line in listing.splitlines())
        objects |= dict.fromkeys((git.text("rev-parse", f"{sha}^{{tree}}"), sha))
    for name in objects:
        _sync(os.fspath(folder / name[:2] / name[2:]))


def _sync(path: str) -> None:
    """Sync a file; a packed object has none, and packs are synced when they are made."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
