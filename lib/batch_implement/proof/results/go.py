"""go test: ``-v``, for which go prints a line for each test and the package below them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import Report, program_of, with_variable
from batch_implement.proof.results.names import settled
from batch_implement.proof.results.outcome import FAILURES, NamedTest, TestOutcome

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place

NAME = "go"

# What a test prints without a line's end stands before these two.
_RUN = re.compile(r"=== RUN   (\S{1,1000})$")
_END = re.compile(r"--- (PASS|FAIL|SKIP): (\S{1,1000}) \(\d{1,9}\.\d{1,9}s\)$")
_PACKAGE = re.compile(r"^(ok  |FAIL|---|\?   )\s{1,9}(\S{1,500})(?:\s{1,9}(.{1,200}))?$")
_PANIC = re.compile(r"^(?:panic: |fatal error: |signal: )")
_OUTCOMES = {"PASS": TestOutcome.PASSED, "FAIL": TestOutcome.FAILED, "SKIP": TestOutcome.SKIPPED}


def used_by(command: Command) -> bool:
    return program_of(command) == "go" and command[1:2] == ("test",)


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:
    if used_by(step.argv):
        return replace(step, argv=(*step.argv[:2], "-v", *step.argv[2:])) if "-v" not in step.argv else step
    if any(used_by(command) for command in commands):
        return with_variable(step, place, "GOFLAGS", "-v", " ")
    return step


def read(place: Place, output: str) -> Report | None:
    """None where a package's tests are not told; one that could not be built is an error by its own name."""
    reader = _Reader(str(place.root))
    for line in output.splitlines():
        reader.hear(line.rstrip("\r"))
    return reader.report()


class _Reader:
    def __init__(self, root: str) -> None:
        self._root = root
        self._tests: list[NamedTest] = []
        self._of_package: list[tuple[str, TestOutcome]] = []
        self._running: dict[str, None] = {}
        self._cut_off = ""
        self._panicked = False
        self._packages = 0
        self._silent = False

    def hear(self, line: str) -> None:
        if match := _RUN.search(line):
            self._running[match[1]] = None
        elif (match := _END.search(line)) and match[2] in self._running:
            del self._running[match[2]]
            self._of_package.append((match[2], _OUTCOMES[match[1]]))
        elif _PANIC.match(line):
            self._panicked = True
        elif match := _PACKAGE.match(line):
            self._end_package(match[2], failed=match[1] == "FAIL", said=match[3] or "")

    def _end_package(self, package: str, *, failed: bool, said: str) -> None:
        named = [self._named(package, name, outcome) for name, outcome in self._of_package]
        named += [self._named(package, name, TestOutcome.ERROR) for name in self._running]
        if self._running or (self._panicked and failed):
            self._cut_off = f"{package or 'go'} ended in the middle of its tests"
        # "[build failed]", "[no test files]", "[no tests to run]"
        self._silent = self._silent or not (named or "[" in said)
        if failed and not any(test.outcome in FAILURES for test in named):
            named.append(NamedTest(settled(package, self._root), TestOutcome.ERROR))
        self._tests += named
        self._packages += 1
        self._of_package, self._running, self._panicked = [], {}, False

    def _named(self, package: str, name: str, outcome: TestOutcome) -> NamedTest:
        return NamedTest(settled(f"{package}.{name}", self._root), outcome)

    def report(self) -> Report | None:
        if self._running or self._of_package:
            self._end_package("", failed=False, said="")
            self._cut_off = self._cut_off or "go ended in the middle of its tests"
        return Report(tuple(self._tests), self._cut_off) if self._packages and not self._silent else None
