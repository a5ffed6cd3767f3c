"""The project's check, run on a tree as it stands, and what its result proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.model.check import Check, CheckStep, FirstRun
from batch_implement.model.record import replace
from batch_implement.proof.check_command import Step
from batch_implement.proof.check_run import CheckRequest, run_or_pick_up
from batch_implement.proof.check_steps import run_steps
from batch_implement.proof.judgement import failure, weaker
from batch_implement.proof.kept_results import keep, kept
from batch_implement.proof.results.outcome import Results, TestOutcome
from batch_implement.system.text.excerpt import what_failed
from batch_implement.workspace.baseline import portable_path, to_record
from batch_implement.workspace.changes import take_baseline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from batch_implement.proof.check_command import CheckCommand
    from batch_implement.proof.check_steps import CheckResult
    from batch_implement.proof.second_look.asked import Asked
    from batch_implement.system.git.git import Git
    from batch_implement.system.settings.config import Config

# A person reads it on their screen.
_SHOWN_FIRST = 1_200
_GENERATED_LIMIT = 1_000
_NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Rules:
    """What is asked of a proof beside its check, as it was settled when the batch began."""

    second_runs: bool = True
    changed_tests: str = "report"
    require_test: bool = False

    @classmethod
    def of(cls, config: Config) -> Rules:
        return cls(
            config.text("BATCH_PROOF") == "run",
            config.text("BATCH_CHANGED_TESTS"),
            config.flag("BATCH_REQUIRE_TEST"),
        )


def check_of(git: Git, command: CheckCommand | None, rules: Rules) -> Check | None:
    """The check as the batch keeps it, before it has been run; None for no check."""
    if command is None:
        return None
    return Check(
        command=str(command),
        source=command.source,
        steps=tuple(CheckStep(argv=step.argv, variables=step.variables) for step in command.steps),
        before=to_record(take_baseline(git)).users,
        second_runs=rules.second_runs,
        changed_tests=rules.changed_tests,
        require_test=rules.require_test,
    )


@dataclass(frozen=True)
class Checker:
    """Runs checks in the workspace of ``git``; what is known of a run is kept in ``home``.

    ``timeout`` is for a whole check, in seconds; ``environment`` is what it is started with.
    """

    home: Path
    git: Git
    timeout: int
    environment: Mapping[str, str]

    def run(
        self, check: Check, tree: str, *, purpose: str, wait: float, asked: Asked | None = None
    ) -> CheckResult | None:
        """The result of the check on the working tree, whose fingerprint is ``tree``; None when it goes on
        after ``wait`` seconds.

        ``purpose`` tells runs on the same tree apart, so that a second attempt is a second run. ``asked`` are
        the second runs that are to follow it.
        """
        request = CheckRequest(steps_of(check), tree, self.timeout, purpose, asked)
        return run_or_pick_up(
            self.home, request, workspace=self.git.root, environment=self.environment, wait=wait
        )

    def first_run(self, batch_id: str, check: Check, *, wait: float) -> Check | None:
        """The check with what came of running it before the first feature; None while it goes on.

        It has no ``baseline`` yet where it changed tracked files: what a second run changes again never
        settles.
        """
        tree = self.git.resolve("HEAD")
        purpose = f"{batch_id} baseline{' again' if check.rewritten else ''}"
        result = self.run(check, tree, purpose=purpose, wait=wait)
        if result is None:
            return None
        now = to_record(take_baseline(self.git)).users
        found = self._changed_by(check, now)
        if found and result.succeeded and not check.rewritten:
            return replace(check, rewritten=found)
        failed = failure(0, check.command, result, result.results)
        return replace(
            check,
            baseline=FirstRun(
                exit_code=result.exit_code,
                timed_out=result.timed_out,
                seconds=round(result.seconds, 2),
                output=what_failed(result.output, _SHOWN_FIRST) if failed is not None else "",
                failed=failed.failed if failed is not None and result.succeeded else (),
            ),
            tests=result.results.total if result.results else None,
            counts=counts_of(result),
            results=self.keep(result),
            volatile=tuple(path for path, was in check.rewritten.items() if found.get(path) != was),
            generated=_generated(check, now),
        )

    def _changed_by(self, check: Check, now: Mapping[str, str]) -> dict[str, str]:
        """The tracked files that are not as they were before the check was first run, and were clean then."""
        others = {*map(portable_path, self.git.status().untracked), *check.before}
        return {path: content for path, content in now.items() if path not in others}

    def keep(self, result: CheckResult, *, in_use: Collection[str] = ()) -> str:
        """Keep what the tests came to, and return the name by which :meth:`before` finds it again."""
        return keep(self.home, result.results, in_use=in_use) if result.results is not None else ""

    def before(self, check: Check) -> tuple[Results | None, bool]:
        """What the tests came to before the feature; their numbers where the names are gone, None where
        nothing is known of a test. And whether the file with the names is gone, or was changed."""
        found = kept(self.home, check.results)
        is_lost = bool(check.results) and found is None
        if found is None and check.counts:
            counted = ((outcome, check.counts.get(outcome.value, 0)) for outcome in TestOutcome)
            found = Results(counted=tuple((outcome, number) for outcome, number in counted if number))
        return found, is_lost

    def passes_in(self, check: Check, folder: Path) -> bool:
        """Whether the check passes in another working tree, to its end, with the tests that it had."""
        result = run_steps(folder, steps_of(check), self.timeout, environment=self.environment)
        before, _ = self.before(check)
        if failure(0, check.command, result, before) is not None:
            return False
        return before is None or weaker(0, check.command, before, result.results) is None


def _generated(check: Check, now: Mapping[str, str]) -> tuple[str, ...]:
    """What the check itself wrote: paths that are new, or have other content, after it ran."""
    found = (path for path, content in now.items() if check.before.get(path) != content)
    return tuple(sorted(path for path in found if path not in check.rewritten)[:_GENERATED_LIMIT])


def counts_of(result: CheckResult) -> dict[str, int]:
    """How many tests of each kind there were, as the state keeps it."""
    counts = result.results.counts if result.results is not None else {}
    return {outcome.value: counts[outcome] for outcome in TestOutcome if counts.get(outcome)}


def first_run_failed(check: Check) -> bool:
    """Whether nothing can be proven because the check fails already; no tests yet is no failure."""
    first = check.baseline
    if first is None:
        return False
    no_tests_yet = first.exit_code == _NO_TESTS_COLLECTED and "pytest" in check.command
    return (first.exit_code != 0 or first.timed_out or bool(first.failed)) and not no_tests_yet


def steps_of(check: Check) -> tuple[Step, ...]:
    return tuple(
        Step(step.argv, tuple((name, value) for name, value in step.variables)) for step in check.steps
    )
