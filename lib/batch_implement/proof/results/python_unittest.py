"""unittest: where ``-m unittest`` is an argument of the step, a module that does the same and takes notes."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import Report, module_of, with_variable
from batch_implement.proof.results.event_file import read_reports
from batch_implement.proof.results.names import settled
from batch_implement.proof.results.outcome import NamedTest, TestOutcome

if TYPE_CHECKING:
    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.base import Command, Place

NAME = "unittest"
_MODULE = "batch_results_unittest"

# What -v prints: "test_a (module.Class.test_a) ... ok", before Python 3.11 "test_a (module.Class) ... ok".
_NAMED = re.compile(r"^(\w{1,200}) \(([\w.<>-]{1,400})\)( \[.{0,200}\]| \(.{0,200}\))?")
_ENDING = re.compile(
    r"(?: \.\.\. |^)(ok|FAIL|ERROR|skipped [\"'].{0,300}|expected failure|unexpected success)$"
)
_RAN = re.compile(r"^Ran (\d{1,9}) tests? in \d")
_OUTCOMES = {
    "ok": TestOutcome.PASSED,
    "FAIL": TestOutcome.FAILED,
    "ERROR": TestOutcome.ERROR,
    "skipped": TestOutcome.SKIPPED,
    "expected": TestOutcome.EXPECTED_FAILURE,
    "unexpected": TestOutcome.FAILED,
}


def used_by(command: Command) -> bool:
    return module_of(command) in {"unittest", _MODULE}


def prepared(step: Step, commands: tuple[Command, ...], place: Place) -> Step:  # noqa: ARG001
    argv = list(step.argv)
    for index in range(1, len(argv)):
        if argv[index - 1 : index + 1] == ["-m", "unittest"]:
            argv[index] = _MODULE
            step = with_variable(step, place, "PYTHONPATH", str(place.tools), os.pathsep)
            return replace(step, argv=tuple(argv))
    return step


def read(place: Place, output: str) -> Report | None:
    """From the report, else from what ``-v`` prints, where that is all of it."""
    return read_reports(NAME, place) or _verbose(output, str(place.root))


def _verbose(output: str, root: str) -> Report | None:
    tests: list[NamedTest] = []
    ran, name = 0, ""
    for line in output.splitlines():
        if match := _RAN.match(line):
            ran += int(match[1])
        if match := _NAMED.match(line):
            name = match[2] if match[2].endswith(f".{match[1]}") else f"{match[2]}.{match[1]}"
            name += match[3] or ""
        if name and (match := _ENDING.search(line)):
            tests.append(NamedTest(settled(name, root), _OUTCOMES[match[1].split(" ")[0]]))
            name = ""
    return Report(tuple(tests)) if tests and len(tests) >= ran > 0 else None
