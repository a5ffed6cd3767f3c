"""Programs run in turn, again and again, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Program(NamedTuple):
    """One program as it is started; ``before`` runs ahead of each start and is not measured."""

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    stdin: bytes = b""
    before: Callable[[], object] = lambda: None


class Times(NamedTuple):
    """Medians in seconds: from the start of a program to its end, and the processor's part of that."""

    wall: float
    processor: float

    def over(self, base: Times) -> str:
        return f"{self.wall / base.wall:5.2f} (processor {self.processor / base.processor:.2f})"


def measure(programs: Mapping[str, Program], rounds: int) -> dict[str, Times]:
    """Each program ``rounds`` times; one that does not end with status 0 ends the benchmark."""
    seconds: dict[str, list[Times]] = {name: [] for name in programs}
    for round_number in range(rounds + 1):
        for name, program in programs.items():
            program.before()
            taken = _seconds(name, program)
            if round_number:  # the first round only fills the caches
                seconds[name].append(taken)
    return {name: Times(*map(statistics.median, zip(*found, strict=True))) for name, found in seconds.items()}


def _seconds(name: str, program: Program) -> Times:
    """posix_spawn instead of subprocess: its own cost is part of what is measured."""
    os.chdir(program.cwd)
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_DUP2, reading, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    started = time.perf_counter()
    pid = os.posix_spawnp(program.argv[0], program.argv, program.env, file_actions=actions)
    os.close(reading)
    try:
        os.write(writing, program.stdin)
    except BrokenPipeError:
        pass  # it ended without reading, as a hook without a batch does
    os.close(writing)
    _, wait_status, usage = os.wait4(pid, 0)
    taken = time.perf_counter() - started
    if status := os.waitstatus_to_exitcode(wait_status):
        raise SystemExit(f"{name} ended with status {status}: {' '.join(program.argv)}")
    return Times(taken, usage.ru_utime + usage.ru_stime)
