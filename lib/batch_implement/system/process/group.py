"""Ending programs with all that they started."""

from __future__ import annotations

import os
import signal

from batch_implement.system.process import identity


def end_group(leader: int) -> None:
    """Kill what is left of a process group: a hook's children outlive the program that ran them."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def end_tree(leader: int) -> None:
    """Kill a process group and those that it started: a program of ours runs each in a group of its own."""
    try:
        os.kill(leader, signal.SIGSTOP)  # so that it starts no other meanwhile
    except (ProcessLookupError, PermissionError):
        return
    for pid in (*identity.descendants(leader), leader):
        end_group(pid)


def terminate_group(leader: int) -> None:
    """Ask a process group to end."""
    try:
        os.killpg(leader, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return
