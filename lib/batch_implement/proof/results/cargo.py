"""cargo test: what libtest prints of each test, which has been the same for years; its JSON is not stable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import Report, program_of
from batch_implement.proof.results.names import settled
from batch_implement.proof.results.outcome import NamedTest, TestOutcome

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place

NAME = "cargo"

_BINARY = re.compile(r"^\s{0,12}Running .{0,500}[/\\]([\w-]{1,200})-[0-9a-f]{16}(?:\.exe)?\)$")
_DOCUMENTATION = re.compile(r"^\s{0,12}Doc-tests ([\w-]{1,200})$")
_PLANNED = re.compile(r"^running (\d{1,9}) tests?$")
_TEST = re.compile(
    r"^test (.{1,800}?)(?: - should panic)? \.\.\. (?:.{0,2000}?)(ok|FAILED|ignored)(?:, .{0,500})?"
    r"(?: <\d{1,9}\.\d{1,9}s>)?$"
)
_STARTED = re.compile(r"^test (.{1,800}?)(?: - should panic)? \.\.\. ")
# With --nocapture what the test prints stands between its name and this.
_LATE = re.compile(r"^(?:.{0,2000})(ok|FAILED)$")
_RESULT = re.compile(r"^test result: \w+\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored")
# An example in the documentation is named by its line, which any edit above it changes.
_LINE = re.compile(r" \(line \d{1,9}\)")
_STOPPED = re.compile(r"^error: (?:test|doctest) failed, to rerun pass")
# Only --no-fail-fast comes to this line.
_WENT_ON = re.compile(r"^error: \d{1,9} targets? failed")
_OUTCOMES = {"ok": TestOutcome.PASSED, "FAILED": TestOutcome.FAILED, "ignored": TestOutcome.SKIPPED}


def used_by(command: Command) -> bool:
    words = [word for word in command[1:] if not word.startswith(("-", "+"))]
    return program_of(command) == "cargo" and words[:1] in (["test"], ["t"])


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:  # noqa: ARG001
    return step


def read(place: Place, output: str) -> Report | None:
    """None too where the names are not all there, as with ``-q``: then only the numbers are sure."""
    reader = _Reader(str(place.root))
    for line in output.splitlines():
        reader.hear(line)
    return reader.report()


class _Reader:
    def __init__(self, root: str) -> None:
        self._root = root
        self._tests: list[NamedTest] = []
        self._binary = ""
        self._open: list[NamedTest] = []
        self._planned: int | None = None
        self._started = ""
        self._cut_off = ""
        self._stopped = False
        self._complete = True

    def hear(self, line: str) -> None:
        if match := _BINARY.match(line) or _DOCUMENTATION.match(line):
            self._end_binary(None)
            self._binary, self._stopped = match[1], False
        elif match := _PLANNED.match(line):
            self._end_binary(None)
            self._planned = int(match[1])
        elif match := _RESULT.match(line):
            self._end_binary(int(match[1]) + int(match[2]) + int(match[3]))
        elif _STOPPED.match(line):
            self._stopped = True
        elif _WENT_ON.match(line):
            self._stopped = False
        elif self._planned is not None:
            self._hear_test(line)

    def _hear_test(self, line: str) -> None:
        if match := _TEST.match(line):
            self._add(match[1], _OUTCOMES[match[2]])
        elif match := _STARTED.match(line):
            self._started = match[1]
        elif self._started and (match := _LATE.match(line)):
            self._add(self._started, _OUTCOMES[match[1]])

    def _add(self, name: str, outcome: TestOutcome) -> None:
        self._started = ""
        named = "::".join(part for part in (self._binary, _LINE.sub("", name)) if part)
        self._open.append(NamedTest(settled(named, self._root), outcome))

    def _end_binary(self, counted: int | None) -> None:
        """``counted`` is what its summary says, None where there was none: it died."""
        if self._planned is not None:
            if counted is None:
                self._cut_off = f"{self._binary or 'a test program'} ended in the middle of its tests"
                # Where tests run side by side, which of them it was is not told.
                self._add(self._started, TestOutcome.ERROR)
            elif counted != len(self._open):
                self._complete = False
        self._tests += self._open
        self._open, self._planned, self._started = [], None, ""

    def report(self) -> Report | None:
        self._end_binary(None)
        if self._stopped:
            self._cut_off = self._cut_off or "cargo stopped at the first test program that failed"
        if not self._complete or not (self._tests or self._cut_off):
            return None
        return Report(tuple(self._tests), self._cut_off)
