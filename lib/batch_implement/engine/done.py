"""A feature is said to be done, and is shown to be: changed, checked, committed, recorded.

Every step can be cut off by a kill and is then made again by the same call: the check's result is picked
up, a commit that is there is found by its trailers, and the record is written last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batch_implement.delivery import commit_message
from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_failure import CommitRefusedError
from batch_implement.delivery.operation import failure_record
from batch_implement.engine.advance import next_feature, require_running
from batch_implement.engine.completion import completed, with_operation
from batch_implement.engine.deliver import issue_of, publish
from batch_implement.engine.fail import fail_feature
from batch_implement.engine.objections import waived_settings
from batch_implement.engine.outcome import Outcome
from batch_implement.engine.proof import Claim, Proof, count_failed_check, prove
from batch_implement.engine.reconciliation import with_proof
from batch_implement.engine.retries import retry_manager
from batch_implement.errors import BatchStateError, GitError, VerificationError
from batch_implement.model import progress
from batch_implement.oversight.ownership import refuse_stranger
from batch_implement.presentation.prompts import MARK
from batch_implement.recovery.failure import FailureFacts
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.workspace.baseline import Baseline
from batch_implement.workspace.changes import changes_since, name_paths
from batch_implement.workspace.index import TreeChangedError

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit
    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document
    from batch_implement.workspace.change_set import ChangeSet

# A check that fails this often in one attempt is not going to pass by trying the same again.
MAX_FAILED_CHECKS = 5
# Nor is a feature that was refused so often for any reason: calling again and again must come to an end.
MAX_REFUSALS = 10
_LAST_WORDS = 200


def finish_feature(project: Project, number: int, claim: Claim, *, wait: float) -> Outcome:
    """Prove feature ``number`` (from 1), commit it, and go on to the next.

    ``wait`` is how long (seconds) to wait for the check. Raises :class:`BatchStateError` out of turn,
    :class:`VerificationError` when the feature can't be shown to be done; it then stays open, until it
    was refused too often.
    """
    fields = project.state.read()
    refuse_stranger(fields, project.session)
    index = number - 1
    progress.check_index(fields, index)
    if index in fields["completed_features"]:
        publish(project)  # an earlier call may have been killed before it could
        return next_feature(project, wait=wait, earlier=f"Feature {number} is completed already.")
    require_running(fields)
    attempt = _attempt_of(fields, index)
    try:
        return _finish(project, fields, number, Baseline.from_dict(attempt["baseline"]), claim, wait=wait)
    except VerificationError as error:
        refusals = int(attempt.get("refusals", 0)) + 1
        project.state.update(lambda current: _count_refusal(current, index, refusals))
        if refusals < MAX_REFUSALS:
            raise
        return fail_feature(project, number, error=f"Refused {refusals} times: {error}", wait=wait)


def _finish(
    project: Project, fields: Document, number: int, baseline: Baseline, claim: Claim, *, wait: float
) -> Outcome:
    _check_message(claim.message)
    changes = _changes(project, fields, baseline, number)
    something = bool(changes.mine)  # commits alone are none: they may be empty, or take each other back
    if not something and not claim.no_change:
        raise VerificationError(
            f"Nothing has changed since feature {number} began, so it is not done. Implement it; or, if "
            f"nothing has to change: batch-implement done {number} --no-change 'why'"
        )
    proof = prove(project, fields, changes, baseline, number, claim, wait=wait)
    if proof.pending:
        command = fields["check"]["command"]
        return Outcome(
            "waiting", f"{MARK} {command} is still running. Run the same batch-implement done command again."
        )
    if proof.problem:
        return _unproven(project, fields, number, proof, wait=wait)
    commit = None
    if something and _commits(project, fields):
        waived_settings(project, number, baseline, claim.allowed)  # the check may have changed some
        project.state.update(lambda current: with_proof(current, number - 1, proof.evidence, proof.tree))
        changes = _changes(project, fields, baseline, number)
        try:
            commit = _commit(
                project, fields, changes, baseline, number, message=claim.message, tree=proof.tree
            )
        except TreeChangedError as error:
            raise VerificationError(
                f"Files changed while feature {number} was being checked, so the check says nothing about "
                "them. Wait until nothing works on them any more, then run done again."
            ) from error
        except CommitRefusedError as error:
            raise VerificationError(
                f"Feature {number} is not done. {error}\nMend it and run done again."
            ) from error
        except GitError as error:
            return _not_committed(project, number, error, wait=wait)
    at = clock.timestamp(project.now())
    project.state.update(lambda current: completed(current, number - 1, proof.evidence, commit, at=at))
    retry_manager(project, fields["batch_id"]).record_success()
    publish(project)
    where = f"committed as {commit.sha[:10]}" if commit else "not committed"
    return next_feature(project, wait=wait, earlier=f"Feature {number} is done, {where}.")


def _commits(project: Project, fields: Document) -> bool:
    """As it was settled when the batch began: an ``.env`` that a feature rewrites changes nothing."""
    settled: bool | None = (fields.get("delivery") or {}).get("commit")
    return project.config.flag("AUTO_GIT_ENABLED") if settled is None else settled


def _attempt_of(fields: Document, index: int) -> dict[str, Any]:
    attempt: dict[str, Any] | None = fields.get("attempt")
    if attempt and attempt["feature_index"] == index:
        return attempt
    current = progress.current_feature(fields)
    turn = f"Feature {current + 1} is the one to work on" if current is not None else "No feature is left"
    raise BatchStateError(
        f"Feature {index + 1} is not being worked on, so it can't be done. {turn}. Run: batch-implement next"
    )


def _count_refusal(fields: Document, index: int, refusals: int) -> Transition:
    attempt = fields.get("attempt")
    if not attempt or attempt["feature_index"] != index:
        return progress.NOTHING
    details = {"feature": index + 1, "refusals": refusals}
    return Transition("refused", {"attempt": {**attempt, "refusals": refusals}}, details)


def _check_message(message: str) -> None:
    problems = commit_message.problems_of(message) if message else ()
    if problems:
        raise VerificationError(
            f"The commit message can't be used: {'; '.join(problems)}. "
            "Call again with --message 'type(scope): summary', or without --message."
        )


def _changes(project: Project, fields: Document, baseline: Baseline, number: int) -> ChangeSet:
    generated = (fields.get("check") or {}).get("generated") or ()
    changes = changes_since(project.git, baseline, generated=generated, features_file=fields["features_file"])
    if not _commits(project, fields):
        # Where nothing is committed, what an earlier feature left in the tree may be changed by a later one.
        return replace(changes, mine=(*changes.mine, *changes.touched_users), touched_users=())
    if changes.touched_users:
        paths = name_paths(change.path for change in changes.touched_users)
        raise VerificationError(
            f"Feature {number} changed what the user had uncommitted before it began: {paths}. The two can't "
            f"be told apart. Put those files back as they were, or run: batch-implement fail {number} "
            "--error 'needs files with uncommitted changes of the user'"
        )
    return changes


def _unproven(project: Project, fields: Document, number: int, proof: Proof, *, wait: float) -> Outcome:
    """The feature stays open with what is wrong, until that has been so too often."""
    result = proof.result
    if result is not None:
        project.state.update(lambda current: count_failed_check(current, number, result))
        if int(fields["attempt"].get("failed_checks", 0)) + 1 >= MAX_FAILED_CHECKS:
            facts = FailureFacts(
                "check", result.output, exit_code=result.exit_code, timed_out=result.timed_out
            )
            return fail_feature(project, number, error=_in_short(proof.problem), facts=facts, wait=wait)
    raise VerificationError(_not_done(number, proof.problem))


def _in_short(problem: str) -> str:
    """What failed and the last words of its output, for the report."""
    what, _, output = problem.partition("\n")
    return f"{what} {' '.join(output.split())[-_LAST_WORDS:]}"


def _not_done(number: int, why: str) -> str:
    return f"Feature {number} is not done. {why}\nMend it and run done again."


def _commit(
    project: Project,
    fields: Document,
    changes: ChangeSet,
    baseline: Baseline,
    number: int,
    *,
    message: str,
    tree: str,
) -> Commit:
    feature = fields["features"][number - 1]
    words = message or commit_message.build_message(feature, issue_number=issue_of(fields, number - 1))
    named = {"batch_id": fields["batch_id"], "feature_number": number}
    return commit_feature(project.git, changes, words, baseline=baseline, tree=tree, **named)


def _not_committed(project: Project, number: int, error: GitError, *, wait: float) -> Outcome:
    """git can't commit (signing, a lock, the repository's condition): said, and in nobody's way."""
    record = failure_record(str(error), clock.timestamp(project.now()))
    project.state.update(
        lambda current: Transition(
            "commit",
            {"git_operations": with_operation(current, number - 1, "commit", record)},
            {"feature": number, "error": str(error)},
        )
    )
    facts = FailureFacts("git", str(error))
    return fail_feature(project, number, error=f"It could not be committed: {error}", facts=facts, wait=wait)
