"""A check command run to its end, here: its steps one after the other, and what they came to."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.errors import ProcessError
from batch_implement.proof.counting import Tests, count_tests
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from batch_implement.proof.check_command import Step

_TAIL = 16_000


@dataclass(frozen=True)
class CheckResult:
    """``exit_code`` is 0 for success, negative for a signal; ``tests`` is None where none were counted.

    ``output`` is the end of what the failing step, or the last one, printed.
    """

    exit_code: int
    timed_out: bool
    seconds: float
    output: str
    tests: Tests | None

    @property
    def passed(self) -> bool:
        return self.exit_code == 0 and not self.timed_out


def run_steps(
    root: Path, steps: Sequence[Step], timeout: float, on_start: Callable[[int], None] | None = None
) -> CheckResult:
    """Run a check to its end, here; the first step that fails is the last. ``timeout`` is for all of it."""
    started = time.monotonic()
    result = CheckResult(0, timed_out=False, seconds=0.0, output="", tests=None)
    for step in steps:
        left = timeout - (time.monotonic() - started)
        result = _combine(result, _run_step(root, step, left, on_start), time.monotonic() - started)
        if not result.passed:
            break
    return result


def _run_step(root: Path, step: Step, timeout: float, on_start: Callable[[int], None] | None) -> CheckResult:
    # CI=true: test runners that would watch for changes run once, and none draws a progress bar.
    variables = {"CI": "true", **dict(step.variables)}
    try:
        finished = program.run(
            step.argv,
            cwd=root,
            timeout=max(timeout, 0.1),
            env=variables,
            merge_stderr=True,
            on_start=on_start,
        )
    except ProcessError as error:
        return CheckResult(127, timed_out=False, seconds=0.0, output=str(error), tests=None)
    text = finished.text
    return CheckResult(
        finished.returncode, finished.timed_out, finished.seconds, text[-_TAIL:], count_tests(text)
    )


def _combine(before: CheckResult, step: CheckResult, seconds: float) -> CheckResult:
    counted = [tests for tests in (before.tests, step.tests) if tests is not None]
    tests = Tests(sum(one.total for one in counted), sum(one.skipped for one in counted)) if counted else None
    return replace(step, tests=tests, seconds=seconds)
