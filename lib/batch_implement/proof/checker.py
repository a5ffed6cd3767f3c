"""The project's check, run on a tree as it stands, and what its result proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.model.check import Check, CheckStep, FirstRun
from batch_implement.model.record import replace
from batch_implement.model.refusals import CheckFailed, FewerTests
from batch_implement.proof.check_command import Step
from batch_implement.proof.check_run import CheckRequest, run_or_pick_up
from batch_implement.proof.check_steps import CheckResult, run_steps
from batch_implement.system.text.excerpt import what_failed
from batch_implement.workspace.baseline import to_record
from batch_implement.workspace.changes import take_baseline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.proof.check_command import CheckCommand
    from batch_implement.system.git.git import Git

_SHOWN = 3_000
# A person reads it on their screen.
_SHOWN_FIRST = 1_200
_GENERATED_LIMIT = 1_000
_NO_TESTS_COLLECTED = 5


def check_of(git: Git, command: CheckCommand | None) -> Check | None:
    """The check as the batch keeps it, before it has been run; None for no check."""
    if command is None:
        return None
    return Check(
        command=str(command),
        source=command.source,
        steps=tuple(CheckStep(argv=step.argv, variables=step.variables) for step in command.steps),
        before=to_record(take_baseline(git)).users,
    )


@dataclass(frozen=True)
class Checker:
    """Runs checks in the workspace of ``git``; what is known of a run is kept in ``home``.

    ``timeout`` is for a whole check, in seconds.
    """

    home: Path
    git: Git
    timeout: int

    def run(self, check: Check, tree: str, *, purpose: str, wait: float) -> CheckResult | None:
        """The result of the check on the working tree, whose fingerprint is ``tree``; None when it goes on
        after ``wait`` seconds.

        ``purpose`` tells runs on the same tree apart, so that a second attempt is a second run.
        """
        request = CheckRequest(_steps(check), tree, self.timeout, purpose)
        return run_or_pick_up(self.home, request, workspace=self.git.root, wait=wait)

    def first_run(self, batch_id: str, check: Check, *, wait: float) -> Check | None:
        """The check with what came of running it before the first feature; None while it goes on."""
        tree = self.git.resolve("HEAD")
        result = self.run(check, tree, purpose=f"{batch_id} baseline", wait=wait)
        if result is None:
            return None
        return replace(
            check,
            baseline=FirstRun(
                exit_code=result.exit_code,
                timed_out=result.timed_out,
                seconds=round(result.seconds, 2),
                output="" if result.passed else what_failed(result.output, _SHOWN_FIRST),
            ),
            tests=result.tests.total if result.tests else None,
            generated=_generated(check.before, to_record(take_baseline(self.git)).users),
        )

    def passes_in(self, check: Check, folder: Path) -> bool:
        """Whether the check passes in another working tree, to its end."""
        result = run_steps(folder, _steps(check), self.timeout)
        return problem_with(check, result, 0) is None


def problem_with(check: Check, result: CheckResult, number: int) -> CheckFailed | FewerTests | None:
    """Why a result does not prove feature ``number``; None when it does."""
    if not result.passed:
        return CheckFailed(
            number=number,
            command=check.command,
            exit_code=result.exit_code,
            timed_out=result.timed_out,
            seconds=result.seconds,
            output=what_failed(result.output, _SHOWN),
        )
    after = result.tests.total if result.tests is not None else None
    if check.tests and (after is None or after < check.tests):
        return FewerTests(number=number, command=check.command, before=check.tests, after=after)
    return None


def first_run_failed(check: Check) -> bool:
    """Whether nothing can be proven because the check fails already; no tests yet is no failure."""
    first = check.baseline
    if first is None:
        return False
    no_tests_yet = first.exit_code == _NO_TESTS_COLLECTED and "pytest" in check.command
    return (first.exit_code != 0 or first.timed_out) and not no_tests_yet


def _steps(check: Check) -> tuple[Step, ...]:
    return tuple(
        Step(step.argv, tuple((name, value) for name, value in step.variables)) for step in check.steps
    )


def _generated(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """What the check itself wrote: paths that are new, or have other content, after it ran."""
    return tuple(
        sorted(path for path, content in after.items() if before.get(path) != content)[:_GENERATED_LIMIT]
    )
