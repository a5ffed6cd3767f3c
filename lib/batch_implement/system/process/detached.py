"""Work that goes on in a process of its own. A hook loads this, so it imports next to nothing."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def do_detached(work: Callable[[], object], *, first: Callable[[], object] | None = None) -> None:
    """Have ``work`` done by a process that goes on when we, our terminal and our process tree are ended.

    Returns as soon as that process is on its own, and has done ``first``. It has no input, and its output
    goes nowhere.
    """
    waiting, alone = os.pipe()
    if child := os.fork():
        os.close(alone)
        os.waitpid(child, 0)
        os.read(waiting, 1)
        os.close(waiting)
        return
    try:
        # Whoever ends our tree looks for children of children: this one's parent is gone.
        if os.fork():
            return
        os.close(waiting)
        leave_group()
        if first is not None:
            first()
        os.close(alone)
        work()
    finally:
        os._exit(0)


def leave_group() -> None:
    """Go on in a session of our own, without input and output."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
