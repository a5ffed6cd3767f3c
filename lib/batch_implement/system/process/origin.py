"""Where a call came from: which process made its input, and who opened its terminal."""

from __future__ import annotations

import os
import socket
import struct
from typing import TYPE_CHECKING

from batch_implement.system.process import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

_CREDENTIALS = struct.Struct("3i")  # process, user, group
_INITS = frozenset({"init", "systemd"})


def maker_of_input() -> int | None:
    """The process that made the socket pair our input comes by; 0 for any other input, None where the system
    does not tell.

    Claude Code hands a hook its event so. The commands of its Bash tool have no input, and a process can't
    make a pair in another's name.
    """
    asked = getattr(socket, "SO_PEERCRED", None)
    if asked is None:
        return None
    try:
        with socket.socket(fileno=os.dup(0)) as end:
            unnamed = end.family == socket.AF_UNIX and not end.getpeername() and not end.getsockname()
            maker, _, _ = _CREDENTIALS.unpack(end.getsockopt(socket.SOL_SOCKET, asked, _CREDENTIALS.size))
    except OSError:
        return 0
    return int(maker) if unnamed else 0


def is_ancestor(pid: int) -> bool:
    """Whether we were started by it, directly or not."""
    return any(one == pid for one in _ancestors(os.getpid()))


def opened_by_somebody_else(pid: int, note: str) -> bool:
    """Whether the terminal of a process was opened by a program that was there before the process of the
    note, or from outside of the machine.

    A process that has left the tree it was started in has none but the first process above it. Unknown
    counts as yes.
    """
    fields = identity.stat(pid)
    if not fields:
        return True
    leader, born = int(fields[3]), note.split()[1:2]
    for above in _ancestors(leader):
        begun = identity.stat(above)
        if not begun or not born:
            return True
        if above != 1 and identity.name(above) not in _INITS and int(begun[19]) < int(born[0]):
            return True
        if begun[1] == "0":
            return above != 1
    return False


def _ancestors(pid: int) -> Iterator[int]:
    """The process itself, then its parent, and so on."""
    while pid > 0:
        yield pid
        fields = identity.stat(pid)
        pid = int(fields[1]) if len(fields) > 1 else 0
