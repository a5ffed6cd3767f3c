"""The evidence that a feature is done, collected by the program: nothing here asks the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batch_implement.engine import verification
from batch_implement.engine.objections import (
    let_through,
    refuse_weaker,
    weaker_checks,
)
from batch_implement.state.journal import Transition
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.proof.check_run import CheckResult
    from batch_implement.state.document import Document
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet

_KEPT_LINES = 50


@dataclass(frozen=True)
class Claim:
    """What is said with ``done``. ``no_change`` is the reason why nothing had to change; ``allowed`` are
    paths, and ``accept_weaker`` is a reason, by which a person lets through what is held otherwise."""

    message: str = ""
    no_change: str = ""
    accept_weaker: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """``evidence`` is what the state and the report keep; ``problem`` says why there is none.

    ``pending``: the check goes on, and the same question is to be asked again. ``result`` is the check's,
    where there is a check. ``tree`` is the id of the tree that was proven.
    """

    evidence: dict[str, Any]
    tree: str = ""
    problem: str = ""
    pending: bool = False
    result: CheckResult | None = None


def prove(
    project: Project,
    fields: Document,
    changes: ChangeSet,
    baseline: Baseline,
    number: int,
    claim: Claim,
    *,
    wait: float,
) -> Proof:
    """Look at what changed, then run the check on it.

    Raises :class:`VerificationError` for what must not be committed and for checks that say less.
    """
    versions = working_versions(project.git, changes.mine)
    allowed = let_through(project, number, changes, versions, baseline, claim.allowed)
    weaker = weaker_checks(fields, versions)
    if weaker and not claim.accept_weaker:
        refuse_weaker(number, weaker)
    about: dict[str, Any] = {}
    if claim.no_change and not changes.mine:
        about["no_change"] = claim.no_change
    if weaker:
        about |= {"weaker": weaker[:_KEPT_LINES], "accepted": claim.accept_weaker}
    if allowed:
        about["allowed"] = allowed[:_KEPT_LINES]
    tree = tree_fingerprint(project.git, changes)
    check: dict[str, Any] | None = fields.get("check")
    if check is None:
        return Proof({"check": None, **about}, tree)
    attempt = fields["attempt"]
    failures = int(attempt.get("failed_checks", 0))
    purpose = f"{fields['batch_id']} feature {number} attempt {attempt['number']} check {failures + 1}"
    result = verification.run_check(project, check, tree, purpose=purpose, wait=wait)
    if result is None:
        return Proof({}, pending=True)
    expected = {**check, "tests": None} if claim.accept_weaker else check
    problem = verification.problem_with(expected, result)
    return Proof({**_evidence(check, result), **about}, tree, problem, result=result)


def count_failed_check(fields: Document, number: int, result: CheckResult) -> Transition:
    """The attempt, with one more check that failed in it."""
    attempt = {**fields["attempt"], "failed_checks": int(fields["attempt"].get("failed_checks", 0)) + 1}
    details = {"feature": number, "exit_code": result.exit_code, "seconds": round(result.seconds, 2)}
    return Transition("check_failed", {"attempt": attempt}, details)


def _evidence(check: dict[str, Any], result: CheckResult) -> dict[str, Any]:
    return {
        "check": check["command"],
        "exit_code": result.exit_code,
        "tests_before": check["tests"],
        "tests_after": result.tests.total if result.tests else None,
        "skipped": result.tests.skipped if result.tests else None,
        "seconds": round(result.seconds, 2),
    }
