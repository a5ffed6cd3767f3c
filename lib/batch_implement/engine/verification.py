"""The project's checks, run on the tree as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.proof.check_command import Step
from batch_implement.proof.check_run import CheckRequest, CheckResult, run_or_pick_up, run_steps
from batch_implement.system.clock import duration
from batch_implement.workspace.changes import changes_since, take_baseline
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields
    from batch_implement.proof.check_command import CheckCommand

_SHOWN = 3_000
_GENERATED_LIMIT = 1_000
_NO_TESTS_COLLECTED = 5


def check_fields(project: Project, command: CheckCommand | None) -> dict[str, Any] | None:
    """The check as the state keeps it, before it has been run; None for no check.

    ``before`` is what is untracked or changed now, so that what the check itself writes is seen.
    """
    if command is None:
        return None
    return {
        "command": str(command),
        "source": command.source,
        "steps": [
            {"argv": list(step.argv), "variables": [list(pair) for pair in step.variables]}
            for step in command.steps
        ],
        "before": take_baseline(project.git).to_dict()["users"],
        "baseline": None,
        "tests": None,
        "generated": [],
    }


def run_check(
    project: Project, check: dict[str, Any], tree: str, *, purpose: str, wait: float
) -> CheckResult | None:
    """The result of the check on the working tree, whose fingerprint is ``tree``; None when it goes on after
    ``wait`` seconds.

    ``purpose`` tells runs on the same tree apart, so that a second attempt is a second run.
    """
    request = CheckRequest(
        steps=_steps(check),
        fingerprint=tree,
        timeout=project.config.number("BATCH_VERIFY_TIMEOUT"),
        purpose=purpose,
    )
    return run_or_pick_up(project.root, request, wait=wait)


def passes_in(project: Project, check: dict[str, Any], folder: Path) -> bool:
    """Whether the check passes in another working tree, to its end."""
    result = run_steps(folder, _steps(check), project.config.number("BATCH_VERIFY_TIMEOUT"))
    return not problem_with(check, result)


def problem_with(check: dict[str, Any], result: CheckResult) -> str:
    """Why a result does not prove a feature, with what to do; ``""`` when it does."""
    if not result.passed:
        return describe_failure(check, result)
    before, after = check["tests"], result.tests
    if before and after is None:
        return f"{check['command']} passes but no longer says how many tests it ran; there were {before}."
    if before and after is not None and after.total < before:
        return (
            f"{check['command']} passes with {after.total} tests, and there were {before} before this "
            "feature. Put back the tests that are missing."
        )
    return ""


def run_baseline(project: Project, fields: Fields, *, wait: float) -> dict[str, Any] | None:
    """The check's fields with what came of running it before the first feature; None while it goes on."""
    check: dict[str, Any] = fields["check"]
    nothing = changes_since(project.git, take_baseline(project.git))
    purpose = f"{fields['batch_id']} baseline"
    tree = tree_fingerprint(project.git, nothing)
    result = run_check(project, check, tree, purpose=purpose, wait=wait)
    if result is None:
        return None
    return {
        **check,
        "baseline": _baseline_fields(result),
        "tests": result.tests.total if result.tests else None,
        "generated": _generated(check["before"], take_baseline(project.git).to_dict()["users"]),
    }


def _steps(check: dict[str, Any]) -> tuple[Step, ...]:
    return tuple(
        Step(tuple(step["argv"]), tuple((name, value) for name, value in step["variables"]))
        for step in check["steps"]
    )


def baseline_failed(check: dict[str, Any]) -> bool:
    """Whether nothing can be proven because the check fails already; no tests yet is no failure."""
    baseline = check["baseline"]
    no_tests_yet = baseline["exit_code"] == _NO_TESTS_COLLECTED and "pytest" in check["command"]
    return bool(baseline["exit_code"] != 0 or baseline["timed_out"]) and not no_tests_yet


def describe_failure(check: dict[str, Any], result: CheckResult) -> str:
    """What failed, and the end of what was printed."""
    if result.timed_out:
        how = f"was ended after {duration(result.seconds)}"
    else:
        how = f"failed with exit status {result.exit_code}"
    return f"{check['command']} {how}:\n{result.output.strip()[-_SHOWN:]}"


def _generated(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What the check itself wrote: paths that are new, or have other content, after it ran."""
    return sorted(path for path, content in after.items() if before.get(path) != content)[:_GENERATED_LIMIT]


def _baseline_fields(result: CheckResult) -> dict[str, Any]:
    return {
        "exit_code": result.exit_code,
        "timed_out": result.timed_out,
        "seconds": round(result.seconds, 2),
        "output": "" if result.passed else result.output[-_SHOWN:],
    }
