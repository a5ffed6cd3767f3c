"""A feature is said to be done, and is shown to be: changed, checked, committed, recorded.

Every step can be cut off by a kill and is then made again by the same call: the check's result is picked
up, a commit that is there is found by its trailers, and the record is written last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batch_implement.delivery import commit_message
from batch_implement.delivery.baseline import Baseline, portable_path
from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_failure import CommitRefusedError
from batch_implement.delivery.working_tree import changes_since, name_paths
from batch_implement.errors import BatchStateError, VerificationError
from batch_implement.lifecycle import verification
from batch_implement.lifecycle.assignment import MARK
from batch_implement.lifecycle.fail import fail_feature
from batch_implement.lifecycle.next_feature import next_feature, require_running
from batch_implement.lifecycle.outcome import Outcome
from batch_implement.lifecycle.ownership import refuse_stranger
from batch_implement.lifecycle.publish import issue_of, publish
from batch_implement.lifecycle.recovery import retry_manager
from batch_implement.recovery.failure import FailureFacts
from batch_implement.state import progress
from batch_implement.state.dependents import release_dependents
from batch_implement.state.journal import Transition
from batch_implement.system import clock

if TYPE_CHECKING:
    from batch_implement.delivery.check_run import CheckResult
    from batch_implement.delivery.commit import Commit
    from batch_implement.delivery.working_tree import ChangeSet
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.document import Document

# A check that fails this often in one attempt is not going to pass by trying the same again.
MAX_FAILED_CHECKS = 5
_LAST_WORDS = 200


def finish_feature(
    project: Project, number: int, *, message: str = "", no_change: str = "", wait: float
) -> Outcome:
    """Prove feature ``number`` (from 1), commit it, and go on to the next.

    ``no_change`` is the reason why nothing had to change. ``wait`` is how long (seconds) to wait for the
    check. Raises :class:`BatchStateError` out of turn, :class:`VerificationError` when the feature can't
    be shown to be done; it then stays open.
    """
    fields = project.state.read()
    refuse_stranger(fields, project.session)
    index = number - 1
    progress.check_index(fields, index)
    if index in fields["completed_features"]:
        return next_feature(project, wait=wait, earlier=f"Feature {number} is completed already.")
    require_running(fields)
    attempt = _attempt_of(fields, index)
    _check_message(message)
    baseline = Baseline.from_dict(attempt["baseline"])
    changes = _changes(project, fields, baseline, number)
    if not changes.mine and not changes.commits and not no_change:
        raise VerificationError(
            f"Nothing has changed since feature {number} began, so it is not done. Implement it; or, if "
            f"nothing has to change: batch-implement done {number} --no-change 'why'"
        )
    evidence = _prove(project, fields, changes, number, wait=wait)
    if isinstance(evidence, Outcome):
        return evidence
    if no_change and not changes.mine and not changes.commits:
        evidence = {**evidence, "no_change": no_change}
    commit = _commit(project, fields, changes, index, message) if changes.mine or changes.commits else None
    project.state.update(lambda current: _record(project, current, index, evidence, commit))
    retry_manager(project, fields["batch_id"]).record_success()
    publish(project)
    return next_feature(project, wait=wait, earlier=_said(number, commit))


def _attempt_of(fields: Document, index: int) -> dict[str, Any]:
    attempt: dict[str, Any] | None = fields.get("attempt")
    if attempt and attempt["feature_index"] == index:
        return attempt
    current = progress.current_feature(fields)
    turn = f"Feature {current + 1} is the one to work on" if current is not None else "No feature is left"
    raise BatchStateError(
        f"Feature {index + 1} is not being worked on, so it can't be done. {turn}. Run: batch-implement next"
    )


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
    if not project.config.flag("AUTO_GIT_ENABLED"):
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


def _prove(
    project: Project, fields: Document, changes: ChangeSet, number: int, *, wait: float
) -> dict[str, Any] | Outcome:
    """The evidence; an outcome when there is none yet, or when the feature has failed for good."""
    check: dict[str, Any] | None = fields.get("check")
    if check is None:
        return {"check": None}
    failures = int(fields["attempt"].get("failed_checks", 0))
    purpose = (
        f"{fields['batch_id']} feature {number} attempt {fields['attempt']['number']} check {failures + 1}"
    )
    result = verification.run_check(project, check, changes, purpose=purpose, wait=wait)
    if result is None:
        return Outcome(
            "waiting",
            f"{MARK} {check['command']} is still running. Run the same batch-implement done command again.",
        )
    problem = verification.problem_with(check, result)
    if not problem:
        return _evidence(check, result)
    project.state.update(lambda current: _count_failure(current, number, result))
    if failures + 1 >= MAX_FAILED_CHECKS:
        facts = FailureFacts("check", result.output, exit_code=result.exit_code, timed_out=result.timed_out)
        return fail_feature(project, number, error=_in_short(problem), facts=facts, wait=wait)
    raise VerificationError(f"Feature {number} is not done. {problem}\nMend it and run done again.")


def _in_short(problem: str) -> str:
    """What failed and the last words of its output, for the report."""
    what, _, output = problem.partition("\n")
    return f"{what} {' '.join(output.split())[-_LAST_WORDS:]}"


def _count_failure(fields: Document, number: int, result: CheckResult) -> Transition:
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


def _commit(
    project: Project, fields: Document, changes: ChangeSet, index: int, message: str
) -> Commit | None:
    if not project.config.flag("AUTO_GIT_ENABLED"):
        return None
    feature = fields["features"][index]
    words = message or commit_message.build_message(feature, issue_number=issue_of(fields, index))
    try:
        return commit_feature(
            project.git,
            changes,
            words,
            baseline=Baseline.from_dict(fields["attempt"]["baseline"]),
            batch_id=fields["batch_id"],
            feature_number=index + 1,
        )
    except CommitRefusedError as error:
        raise VerificationError(
            f"Feature {index + 1} is not done. {error}\nMend it and run done again."
        ) from error


def _record(
    project: Project, fields: Document, index: int, evidence: dict[str, Any], commit: Commit | None
) -> Transition:
    at = clock.timestamp(project.now())
    if index in fields["completed_features"]:
        return progress.NOTHING
    seconds = clock.seconds_between(fields["attempt"]["started_at"], at) if fields.get("attempt") else 0.0
    filed = progress.end_attempt(fields, index, at=at, error="")
    marked = progress.mark(fields, index, "completed", at=at)
    proof = {**evidence, "worked_seconds": round(seconds, 1), **({"commit": commit.sha} if commit else {})}
    changes = {
        **filed,
        **marked.changes,
        "attempt": None,
        "status": fields["status"],
        "stalls": None,
        "held": release_dependents(fields, index),
        "evidence": {**fields["evidence"], str(index): proof},
    }
    if evidence.get("tests_after") is not None:
        changes["check"] = {**fields["check"], "tests": evidence["tests_after"]}
    if commit:
        operations = dict(fields["git_operations"].get(str(index)) or {})
        record = {"success": True, "timestamp": at, "sha": commit.sha, "branch": commit.branch}
        operations["commit"] = {**record, "files": [portable_path(path) for path in commit.files]}
        changes["git_operations"] = {**fields["git_operations"], str(index): operations}
    return Transition("completed", changes, {"feature": index + 1, "evidence": proof})


def _said(number: int, commit: Commit | None) -> str:
    where = f"committed as {commit.sha[:10]}" if commit else "not committed"
    return f"Feature {number} is done, {where}."
