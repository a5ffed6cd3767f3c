"""A check command run to its end, here: its steps one after the other, and what they came to."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.errors import PathError, ProcessError
from batch_implement.proof.results.outcome import Results, together
from batch_implement.proof.results.recording import record
from batch_implement.system.files.temporary_folder import temporary_folder
from batch_implement.system.process import program
from batch_implement.system.process.unattended_environment import unattended_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.second_look.findings import Findings

_TAIL = 16_000
# Test runners that would watch for changes run once with it, and none draws a progress bar.
_VARIABLES = {"CI": "true"}


@dataclass(frozen=True)
class CheckResult:
    """``exit_code`` is 0 for success, negative for a signal; ``results`` is None where nothing was heard of
    a test.

    ``output`` is the end of what the failing step, or the last one, printed. ``findings`` are those of the
    second runs, None where there were none.
    """

    exit_code: int
    timed_out: bool
    seconds: float
    output: str
    results: Results | None
    findings: Findings | None = None

    @property
    def succeeded(self) -> bool:
        """By its exit status: a check may hide that tests failed."""
        return self.exit_code == 0 and not self.timed_out


def run_steps(
    root: Path,
    steps: Sequence[Step],
    timeout: float,
    *,
    environment: Mapping[str, str],
    on_start: Callable[[int], None] | None = None,
) -> CheckResult:
    """Run a check to its end, here; the first step that fails is the last. ``timeout`` is for all of it.

    Nothing of our own environment reaches it.
    """
    started = time.monotonic()
    variables = unattended_environment(_VARIABLES, environment)
    result = CheckResult(0, timed_out=False, seconds=0.0, output="", results=None)
    try:
        with temporary_folder(root) as folder:
            for number, step in enumerate(steps):
                left = timeout - (time.monotonic() - started)
                one = _run_step(root, step, left, folder / str(number), variables, on_start)
                result = _combine(result, one, time.monotonic() - started)
                if not result.succeeded:
                    break
    except (PathError, OSError) as error:
        return CheckResult(127, timed_out=False, seconds=0.0, output=str(error), results=None)
    return result


def _run_step(
    root: Path,
    step: Step,
    timeout: float,
    folder: Path,
    environment: Mapping[str, str],
    on_start: Callable[[int], None] | None,
) -> CheckResult:
    recording = record(step, root=root, folder=folder, environment=environment)
    try:
        finished = program.run(
            recording.step.argv,
            cwd=root,
            timeout=max(timeout, 0.1),
            env=dict(recording.step.variables),
            base=environment,
            merge_stderr=True,
            on_start=on_start,
        )
    except ProcessError as error:
        return CheckResult(127, timed_out=False, seconds=0.0, output=str(error), results=None)
    text = finished.text
    results = recording.results(text, truncated=finished.truncated)
    is_known = results.total or results.cut_off or results.missing
    return CheckResult(
        finished.returncode,
        finished.timed_out,
        finished.seconds,
        text[-_TAIL:],
        results if is_known else None,
    )


def _combine(before: CheckResult, step: CheckResult, seconds: float) -> CheckResult:
    known = [results for results in (before.results, step.results) if results is not None]
    return replace(
        step, results=together(*known) if len(known) == 2 else next(iter(known), None), seconds=seconds
    )
