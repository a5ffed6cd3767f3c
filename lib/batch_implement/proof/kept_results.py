"""What the tests came to before a feature, in a file of its own: thousands of names are none of the state's.

The file is called by its own checksum, and the state knows by which: another content is none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from typing import TYPE_CHECKING

from batch_implement.errors import PathError
from batch_implement.proof.results import stored
from batch_implement.state.home import BATCHES
from batch_implement.system.files.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from batch_implement.proof.results.outcome import Results

_BEGIN, _END = "check-results-", ".json.gz"


def keep(home: Path, results: Results, *, in_use: Collection[str] = ()) -> str:
    """Write results down and return the name of their file; those that are not ``in_use`` are removed."""
    data = gzip.compress(json.dumps(stored.to_json(results)).encode(), mtime=0)
    name = f"{_BEGIN}{_checksum(data)}{_END}"
    with Folder.open(home, *BATCHES, create=True) as folder:
        if not folder.exists(name):
            folder.write(name, data)
        for other in folder.names():
            if other.startswith(_BEGIN) and other.endswith(_END) and other not in {name, *in_use}:
                folder.discard(other)
    return name


def kept(home: Path, name: str) -> Results | None:
    """Results by the name of their file; None where it is gone or was changed."""
    try:
        with Folder.open(home, *BATCHES) as folder:
            data = folder.read(name)
        if name != f"{_BEGIN}{_checksum(data)}{_END}":
            return None
        return stored.from_json(json.loads(gzip.decompress(data)))
    except (OSError, PathError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
