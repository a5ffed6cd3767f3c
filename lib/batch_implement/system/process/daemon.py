"""Programs of our own that outlive the command that started them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from batch_implement.errors import ProcessError
from batch_implement.system.process.detached import leave_group
from batch_implement.system.process.program import DEFAULT_TIMEOUT, run


def start_daemon(argv: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> None:
    """Start a program that has to call :func:`become_daemon` first thing, and wait until it has.

    It goes on when we, our terminal and our process tree are ended. It has no input, and its output goes
    nowhere; of our environment it gets nothing. Raises :class:`ProcessError` when it can't be started.
    """
    finished = run(argv, cwd=cwd, timeout=DEFAULT_TIMEOUT, base=environment)
    if not finished.ok:
        raise ProcessError(f"{argv[0]} could not be started in the background: {finished.error_text[-500:]}")


def become_daemon(announce: Callable[[], None]) -> None:
    """Go on as a process of nobody's: a tool that ends a command ends the whole tree below it.

    ``announce`` is called in the new process; whoever called :func:`start_daemon` waits until it has been.
    """
    waiting, announced = os.pipe()
    if os.fork():
        os.close(announced)
        # Not sooner: our caller ends our group when we end, and the new process is in it until setsid().
        os.read(waiting, 1)
        os._exit(0)
    os.close(waiting)
    leave_group()
    announce()
    os.close(announced)
