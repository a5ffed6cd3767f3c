"""The environment that another process was started with."""

from __future__ import annotations

import os
from pathlib import Path

from batch_implement.system.process import identity


def environment_of(note: str) -> dict[str, str]:
    """What the process of a note (:func:`identity.identity`) was given when it was started.

    Empty when it runs no more, or the system does not tell. What it has changed since is not in it.
    """
    pid = identity.live_process(note)
    if not pid:
        return {}
    try:
        lines = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    found = dict(os.fsdecode(line).split("=", 1) for line in lines if b"=" in line)
    # The number may have become another process's meanwhile.
    return found if identity.live_process(note) else {}
