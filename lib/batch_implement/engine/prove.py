"""The evidence that a feature is done, collected by the program: nothing here asks the model."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as with_changed
from typing import TYPE_CHECKING

from batch_implement.engine.last_words import named_changes
from batch_implement.engine.objections import let_through
from batch_implement.engine.second_look import Seen, asked_for, by_reading, judge, plan_for
from batch_implement.model import attempts
from batch_implement.model.evidence import ChangedExpectation, Evidence
from batch_implement.model.record import replace
from batch_implement.model.refusals import NothingChanged, RefusedError
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.proof.checker import counts_of
from batch_implement.proof.judgement import failure, weaker
from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.proof.second_look.claims import Named
from batch_implement.proof.second_look.kinds import Kind
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from batch_implement.engine.claim import Claim
    from batch_implement.engine.project import Project
    from batch_implement.engine.second_look import Problem
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.refusals import CheckFailed
    from batch_implement.proof.check_steps import CheckResult
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet

_KEPT_LINES = 50


@dataclass(frozen=True)
class Proof:
    """``evidence`` is what the state and the report keep; ``problem`` says why there is none.

    ``is_pending``: the check goes on, and the same question is to be asked again. ``result`` is the
    check's, where there is a check. ``tree`` is the id of the tree that was proven.
    """

    evidence: Evidence
    tree: str = ""
    problem: Problem | CheckFailed | None = None
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
    claim = with_changed(claim, named=_named(project, attempt, claim))
    versions = working_versions(project.git, changes.mine)
    let = let_through(project.git, number, changes, versions, baseline, claim.allowed)
    plan = plan_for(project, batch, number, changes, versions)
    if plan.kind is Kind.NOTHING and changes.mine and not claim.no_change:
        raise RefusedError(NothingChanged(number=number, says_nothing=True))
    about = Evidence(
        no_change=claim.no_change if not changes.mine or plan.kind is Kind.NOTHING else "",
        allowed=let.waived[:_KEPT_LINES],
        kind=plan.kind.value if changes.mine else "",
    )
    tree = tree_fingerprint(project.git, changes)
    check = batch.check
    if check is None:
        let.apart.require_nothing(number)
        return Proof(by_reading(number, about, versions, None, claim, "there is no check"), tree)
    purpose = f"{batch.batch_id} feature {number} attempt {attempt.number} check {attempt.failed_checks + 1}"
    asked = asked_for(batch, number, plan, changes, baseline, tree=tree, apart=let.apart)
    if asked is None:
        let.apart.require_nothing(number)
    result = project.checker.run(check, tree, purpose=purpose, wait=wait, asked=asked)
    if result is None:
        return Proof(about, is_pending=True)
    proof = Proof(about, tree, result=result)
    seen = Seen(plan, versions, claim, is_asked=asked is not None, apart=let.apart)
    return _judged(project, batch, number, proof, seen)


def _named(project: Project, attempt: Attempt, claim: Claim) -> tuple[Named, ...]:
    """What was said of changed tests with the command, by the agent last, and before."""
    said = (*claim.named, *named_changes(attempt.said))
    kept = tuple(ChangedExpectation(test=one.what, why=one.why) for one in said)
    if kept:
        project.state.update(lambda current: attempts.named(current, attempt.feature_index, kept))
    return (*said, *(Named(one.test, one.why) for one in attempt.named))


def _judged(project: Project, batch: Batch, number: int, proof: Proof, seen: Seen) -> Proof:
    """The proof with what the check's results say."""
    check, result = batch.check, proof.result
    if check is None or result is None:
        return proof
    before, is_lost = project.checker.before(check)
    if is_lost:
        project.state.update(_without_names)
    failed = failure(number, check.command, result, before)
    if failed is not None:
        return with_changed(proof, problem=failed)
    lost = weaker(number, check.command, before, result.results) if before is not None else None
    judged = judge(number, check, proof.evidence, lost, result.findings, seen)
    if judged.problem is not None:
        return with_changed(proof, problem=judged.problem)
    proofs = (attempt.proof for attempt in batch.open_attempts.values())
    in_use = {check.results, *(proof.evidence.results for proof in proofs if proof is not None)}
    evidence = replace(
        judged.evidence,
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
