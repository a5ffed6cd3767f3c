"""Ending programs with all that they started."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from batch_implement.system.process import identity


def end_group(leader: int) -> None:
    """Kill what is left of a process group: a hook's children outlive the program that ran them."""
    _tell(os.killpg, leader, signal.SIGKILL)


def end_tree(leader: int) -> None:
    """Kill a process group and those that it started: a program of ours runs each in a group of its own."""
    if _tell(os.kill, leader, signal.SIGSTOP):  # so that it starts no other meanwhile
        for pid in (*identity.descendants(leader), leader):
            end_group(pid)


def terminate_group(leader: int) -> None:
    """Ask a process group to end."""
    _tell(os.killpg, leader, signal.SIGTERM)


def _tell(send: Callable[[int, int], None], pid: int, what: signal.Signals) -> bool:
    """False where there is nobody, or somebody else's process, any more."""
    try:
        send(pid, what)
    except (ProcessLookupError, PermissionError):
        return False
    return True
