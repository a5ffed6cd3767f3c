"""Which process wrote a note, in words that are never used again.

Process ids are: after a while, and after a restart of the machine. With the start of the process and the
boot it ran in they are not.
"""

from __future__ import annotations

import os

_ENDED = frozenset("ZXx")  # zombie, dead


def identity(pid: int) -> str:
    """Process id, its start in clock ticks since boot, and the boot's id.

    Only the process id for a process that has ended, and where there is no ``/proc``. One that has ended
    and was not collected yet (in a container there may be nobody to do it) has ended.
    """
    fields = stat(pid)
    boot = _read("/proc/sys/kernel/random/boot_id").strip()
    return f"{pid} {fields[19]} {boot}" if len(fields) > 19 and fields[0] not in _ENDED else str(pid)


def live_process(note: str) -> int:
    """The process id in a note made by :func:`identity`, when that very process still runs, else 0."""
    pid = note.partition(" ")[0]
    if not (pid.isascii() and pid.isdigit()) or len(pid) > 10:
        return 0
    if note != identity(int(pid)):
        return 0
    return int(pid) if " " in note or _exists(int(pid)) else 0


def descendants(pid: int) -> list[int]:
    """The process's children, and theirs; none where the system does not tell."""
    children = [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]
    return [found for child in children for found in (child, *descendants(child))]


def runs_below(note: str, pid: int = 0) -> bool:
    """Whether a process (this one) is that of the note, or was started by it, directly or not."""
    wanted = live_process(note)
    pid = (pid or os.getpid()) if wanted else 0
    while pid > 0 and pid != wanted:
        fields = stat(pid)
        pid = int(fields[1]) if len(fields) > 1 else 0
    return pid > 0


def name(pid: int) -> str:
    """What the process's program is called, ``""`` where the system does not tell."""
    return _read(f"/proc/{pid}/stat").partition("(")[2].rpartition(")")[0]


def stat(pid: int) -> list[str]:
    """The fields behind the program's name, which may have blanks in it; none where there is no ``/proc``."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


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
