"""The evidence that a feature is done, collected by the program: nothing here asks the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.engine.objections import let_through, weaker_checks
from batch_implement.model.evidence import Evidence
from batch_implement.model.record import replace
from batch_implement.model.refusals import RefusedError, WeakerChecks
from batch_implement.proof.checker import problem_with
from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.check import Check
    from batch_implement.model.refusals import CheckFailed, FewerTests
    from batch_implement.proof.check_steps import CheckResult
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

    ``is_pending``: the check goes on, and the same question is to be asked again. ``result`` is the
    check's, where there is a check. ``tree`` is the id of the tree that was proven.
    """

    evidence: Evidence
    tree: str = ""
    problem: CheckFailed | FewerTests | None = None
    is_pending: bool = False
    result: CheckResult | None = None


def prove(
    project: Project,
    batch: Batch,
    attempt: Attempt,
    changes: ChangeSet,
    baseline: Baseline,
    claim: Claim,
    *,
    wait: float,
) -> Proof:
    """Look at what changed, then run the check on it.

    Raises :class:`RefusedError` for what must not be committed and for checks that say less.
    """
    number = attempt.feature_index + 1
    versions = working_versions(project.git, changes.mine)
    allowed = let_through(project.git, number, changes, versions, baseline, claim.allowed)
    weaker = weaker_checks(batch.check, versions)
    if weaker and not claim.accept_weaker:
        raise RefusedError(WeakerChecks(number=number, lines=weaker))
    about = Evidence(
        no_change=claim.no_change if not changes.mine else "",
        weaker=weaker[:_KEPT_LINES],
        accepted=claim.accept_weaker if weaker else "",
        allowed=allowed[:_KEPT_LINES],
    )
    tree = tree_fingerprint(project.git, changes)
    check = batch.check
    if check is None:
        return Proof(about, tree)
    purpose = f"{batch.batch_id} feature {number} attempt {attempt.number} check {attempt.failed_checks + 1}"
    result = project.checker.run(check, tree, purpose=purpose, wait=wait)
    if result is None:
        return Proof(about, is_pending=True)
    expected = replace(check, tests=None) if claim.accept_weaker else check
    problem = problem_with(expected, result, number)
    return Proof(_with_result(about, check, result), tree, problem, result=result)


def _with_result(about: Evidence, check: Check, result: CheckResult) -> Evidence:
    return replace(
        about,
        check=check.command,
        exit_code=result.exit_code,
        tests_before=check.tests,
        tests_after=result.results.total if result.results else None,
        skipped=result.results.counts[TestOutcome.SKIPPED] if result.results else None,
        seconds=round(result.seconds, 2),
    )
