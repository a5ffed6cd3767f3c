"""The reports that what is loaded into a runner writes: one JSON object a line, one file a process.

They come from a process that ran the code of others, so nothing in them is taken for granted.
"""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from batch_implement.proof.results.base import Report
from batch_implement.proof.results.names import settled
from batch_implement.proof.results.outcome import NamedTest, TestOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from batch_implement.proof.results.base import Place

LARGEST = 64 * 1024 * 1024
_MOST_FILES = 1000
_LONGEST_LINE = 64 * 1024
_OUTCOMES = {outcome.value: outcome for outcome in TestOutcome}
_DIED = "{} ended in the middle of its tests"
_TOO_LARGE = "not all of the report of {} could be read"


def read_reports(runner: str, place: Place) -> Report | None:
    """All that the processes of one runner wrote in this run."""
    names = sorted(path.name for path in place.reports.glob(f"{runner}-*.jsonl"))
    if not names:
        return None
    tests: list[NamedTest] = []
    cut_off = _TOO_LARGE.format(runner) if len(names) > _MOST_FILES else ""
    left = LARGEST
    for name in names[:_MOST_FILES]:
        process = _Process(str(place.root))
        lines = _Lines(place.reports / name, left)
        _hear_all(lines, process)
        left = lines.left
        tests += process.tests
        cut_off = cut_off or process.cut_off
        if not lines.complete:
            cut_off = cut_off or _TOO_LARGE.format(runner)
        elif not process.ended:
            cut_off = cut_off or _DIED.format(runner)
            tests += [NamedTest(name, TestOutcome.ERROR) for name in process.running]
    return Report(tuple(tests), cut_off)


class _Process:
    """What one process has said so far."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.prefix = ""
        self.tests: list[NamedTest] = []
        self.running: dict[str, None] = {}
        self.ended = False
        self.cut_off = ""

    def hear(self, event: dict[str, Any]) -> None:
        if isinstance(folder := event.get("folder"), str):
            self.prefix = _below(folder, self._root)
        if isinstance(name := event.get("running"), str):
            self.running[self._settled(name)] = None
        if isinstance(name := event.get("test"), str):
            self.running.pop(self._settled(name), None)
            outcome = _OUTCOMES.get(str(event.get("outcome")), TestOutcome.ERROR)
            self.tests.append(NamedTest(self._settled(name), outcome))
        if event.get("end") is True:
            self.ended = True
            if isinstance(why := event.get("cut_off"), str):
                self.cut_off = settled(why, self._root)

    def _settled(self, name: str) -> str:
        return settled(self.prefix + name, self._root)


def _below(folder: str, root: str) -> str:
    """The prefix for names that are relative to ``folder``, where that is a part of the workspace."""
    try:
        inside = PurePath(folder).relative_to(root)
    except ValueError:
        return ""
    return f"{inside.as_posix()}/" if inside.parts else ""


def _hear_all(lines: _Lines, process: _Process) -> None:
    """A line that is no object is passed over: the last one of a killed process is none."""
    for line in lines:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            process.hear(event)


class _Lines:
    """The lines of a plain file, of which ``left`` bytes may be read; no link or pipe is opened."""

    def __init__(self, path: Path, left: int) -> None:
        self._path = path
        self.left = left
        self.complete = False

    def __iter__(self) -> Iterator[str]:
        if self._path.is_symlink() or not self._path.is_file():
            return
        with self._path.open("rb") as file:
            while self.left > 0 and (line := file.readline(min(self.left, _LONGEST_LINE))):
                self.left -= len(line)
                yield line.decode("utf-8", "replace")
            self.complete = file.tell() >= os.fstat(file.fileno()).st_size
