"""Objects of a commit that are on disk, whoever wrote them.

``core.fsync`` covers what the commit's own git writes. A blob that an earlier ``git add`` left loose, or a
commit that someone made meanwhile, is not written again and so not synced; it is here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batch_implement.delivery.commit_content import CommitContent
    from batch_implement.system.git.git import Git

DURABLE = {"core.fsync": "committed", "core.fsyncMethod": "fsync"}


def sync_commits(git: Git, commits: Iterable[CommitContent]) -> None:
    """Sync the loose objects that each commit added: blobs, trees and the commit itself."""
    for name in dict.fromkeys(name for commit in commits for name in commit.objects):
        _sync(os.fspath(git.places.objects / name[:2] / name[2:]))


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
