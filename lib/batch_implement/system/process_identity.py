"""Which process wrote a note, in words that are never used again.

Process ids are: after a while, and after a restart of the machine. With the start of the process and the
boot it ran in they are not.
"""

from __future__ import annotations

import os


def identity(pid: int) -> str:
    """Process id, its start in clock ticks since boot, and the boot's id.

    Only the process id for a process that has ended, and where there is no ``/proc``.
    """
    start = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    boot = _read("/proc/sys/kernel/random/boot_id").strip()
    return f"{pid} {start[19]} {boot}" if len(start) > 19 else str(pid)


def live_process(note: str) -> int:
    """The process id in a note made by :func:`identity`, when that very process still runs, else 0."""
    pid = note.partition(" ")[0]
    if not (pid.isascii() and pid.isdigit()) or len(pid) > 10:
        return 0
    return int(pid) if note == identity(int(pid)) else 0


def _read(path: str) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.read(descriptor, 4096).decode("utf-8", "replace")
    except ProcessLookupError:  # it ended between the two calls
        return ""
    finally:
        os.close(descriptor)
