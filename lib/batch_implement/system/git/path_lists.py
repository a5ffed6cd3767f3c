"""Lists of names as git prints and reads them: separated by NUL, of any bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable


def split_paths(listing: bytes) -> tuple[str, ...]:
    return tuple(os.fsdecode(name) for name in listing.split(b"\0") if name)


def join_paths(paths: Iterable[str]) -> bytes:
    """Names as git reads them with ``-z`` or ``--pathspec-file-nul``."""
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
