"""The evidence that a feature is done, collected by the program: nothing here asks the model."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as with_changed
from typing import TYPE_CHECKING

from batch_implement.engine.objections import let_through, weaker_checks
from batch_implement.model.evidence import Evidence
from batch_implement.model.record import replace
from batch_implement.model.refusals import FewerTests, LostTests, RefusedError, SilentRunners, WeakerChecks
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.proof.checker import counts_of
from batch_implement.proof.judgement import failure, weaker
from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.refusals import CheckFailed
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
    problem: CheckFailed | LostTests | SilentRunners | FewerTests | None = None
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
    lines = weaker_checks(batch.check, versions)
    if lines and not claim.accept_weaker:
        raise RefusedError(WeakerChecks(number=number, lines=lines))
    about = Evidence(
        no_change=claim.no_change if not changes.mine else "",
        weaker=lines[:_KEPT_LINES],
        accepted=claim.accept_weaker if lines else "",
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
    return _judged(project, batch, number, Proof(about, tree, result=result), claim.accept_weaker)


def _judged(project: Project, batch: Batch, number: int, proof: Proof, accepted: str) -> Proof:
    """The proof with what the check's result says; ``accepted`` is why less than before may do."""
    check, result = batch.check, proof.result
    if check is None or result is None:
        return proof
    if project.checker.has_lost_names(check):
        project.state.update(_without_names)
    before = project.checker.before(check)
    failed = failure(number, check.command, result, before)
    lost = weaker(number, check.command, before, result.results) if before is not None else None
    problem = failed or (None if accepted else lost)
    if problem is not None:
        return with_changed(proof, problem=problem)
    about = proof.evidence
    lines = (*about.weaker, *(_lines_of(lost) if lost is not None else ()))[:_KEPT_LINES]
    proofs = (attempt.proof for attempt in batch.open_attempts.values())
    in_use = {check.results, *(proof.evidence.results for proof in proofs if proof is not None)}
    evidence = replace(
        about,
        weaker=lines,
        accepted=accepted if lines else "",
        check=check.command,
        exit_code=result.exit_code,
        tests_before=check.tests,
        tests_after=result.results.total if result.results else None,
        skipped=result.results.counts[TestOutcome.SKIPPED] if result.results else None,
        counts=counts_of(result),
        results=project.checker.keep(result, in_use=in_use),
        seconds=round(result.seconds, 2),
    )
    return with_changed(proof, evidence=evidence)


def _without_names(batch: Batch) -> Transition:
    """The file is ours and in nobody's way, so a person hears of it."""
    if batch.check is None or not batch.check.results:
        return NOTHING
    notice = (
        "The results of the tests before a feature were deleted or changed, so only their numbers were "
        "compared: look at that feature's tests."
    )
    check = replace(batch.check, results="")
    return Transition("results_lost", replace(batch, check=check, notices=(*batch.notices, notice)))


def _lines_of(lost: LostTests | SilentRunners | FewerTests) -> tuple[str, ...]:
    """What a person has accepted, a line each."""
    match lost:
        case LostTests():
            return tuple(f"{test.name}: {test.became or 'gone'}" for test in lost.tests)
        case SilentRunners():
            return (f"tests no longer told by {', '.join(lost.runners)}",)
        case FewerTests():
            return (f"{lost.before} tests passed before, {lost.after or 0} now",)
