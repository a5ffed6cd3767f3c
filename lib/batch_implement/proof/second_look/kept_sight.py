"""What a canary said, kept for a batch: it costs two runs of the whole check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batch_implement.proof.second_look.canary import Sight
from batch_implement.state.home import BATCHES
from batch_implement.system.files.checksum import signed, unsigned
from batch_implement.system.files.folder import Folder

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "check-sight.json"


def kept_sight(home: Path, key: str) -> Sight | None:
    """None where none is kept under the key, which stands for all that it depends on."""
    try:
        with Folder.open(home, *BATCHES) as folder:
            found = unsigned(folder.read(_NAME))
    except FileNotFoundError:
        return None
    if found.get("key") != key:
        return None
    return Sight(str(found.get("blind")), tuple(map(str, found.get("unlike", ()))))


def forget_sight(folder: Folder) -> None:
    folder.remove(_NAME)


def keep_sight(home: Path, key: str, sight: Sight) -> None:
    """In the place of the one that was kept before."""
    with Folder.open(home, *BATCHES, create=True) as folder:
        text = json.dumps({"key": key, "blind": sight.blind, "unlike": sight.unlike})
        folder.write(_NAME, signed(text))
