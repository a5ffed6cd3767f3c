"""A feature is said to be done, and is shown to be: changed, checked, committed, recorded.

Every step can be cut off by a kill and is then made again by the same call: the check's result is picked
up, a commit that is there is found by its trailers, and the record is written last.
"""

from __future__ import annotations

import time
from dataclasses import replace as with_changed
from typing import TYPE_CHECKING

from batch_implement.delivery import commit_message
from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_failure import CommitRefusedError
from batch_implement.delivery.operation import failure_record
from batch_implement.engine.advance import go_on
from batch_implement.engine.answered import answered, attempt_at, refuse_stranger, require_going
from batch_implement.engine.awaited_worker import await_worker
from batch_implement.engine.completion import completed
from batch_implement.engine.deliver import deliver, issue_of
from batch_implement.engine.fail import fail_attempt
from batch_implement.engine.objections import require_settings
from batch_implement.engine.own_changes import is_work, own_changes
from batch_implement.engine.own_commits import uncommitted
from batch_implement.engine.prove import prove
from batch_implement.engine.reconciliation import adopt_commit, compared_with_git
from batch_implement.engine.retries import retry_manager
from batch_implement.engine.review_material import forget_diff, write_diff
from batch_implement.errors import GitError
from batch_implement.model import attempts, progress
from batch_implement.model.outcomes import AlreadyDone, CheckRuns, FeatureDone, ReviewWanted, Waiting
from batch_implement.model.record import replace as record_with
from batch_implement.model.refusals import (
    ChangedMeanwhile,
    CommitRefused,
    FoundByReviewer,
    NothingChanged,
    RefusedError,
    UnusableMessage,
    UsersFilesTouched,
)
from batch_implement.model.transition import Transition
from batch_implement.proof.review import Ask, SendBack, is_wanted, next_step
from batch_implement.recovery.failure import FailureFacts
from batch_implement.system import clock
from batch_implement.workspace.baseline import from_record
from batch_implement.workspace.index import TreeChangedError

if TYPE_CHECKING:
    from batch_implement.delivery.commit import Commit
    from batch_implement.engine.claim import Claim
    from batch_implement.engine.project import Project
    from batch_implement.engine.prove import Proof
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import Evidence
    from batch_implement.model.kinds import MessageStyle
    from batch_implement.model.outcomes import Outcome
    from batch_implement.model.refusals import Refusal
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet

# A check that fails this often in one attempt is not going to pass by trying the same again.
MAX_FAILED_CHECKS = 5
# Nor is a feature that was refused so often for any reason: calling again and again must come to an end.
MAX_REFUSALS = 10
# So often a call checks what the check itself has changed.
_RUNS = 3


@answered
def finish_feature(project: Project, number: int, claim: Claim, *, wait: float) -> Outcome:
    """Prove feature ``number`` (from 1), commit it, and go on to the next.

    ``wait`` is how long (seconds) to wait for its worker, and for the check. A feature that can't be shown
    to be done stays open, until that was so too often.
    """
    batch = await_worker(project, number, wait=wait)
    if isinstance(batch, Waiting):
        return batch
    refuse_stranger(batch, project.session)
    batch = compared_with_git(project, batch)
    if number - 1 in batch.completed_features:
        batch = deliver(project, batch)  # an earlier call may have been killed before it could
        return go_on(project, batch, wait=wait, news=(AlreadyDone(number=number),))
    require_going(batch)
    attempt = attempt_at(batch, number)
    if attempt.proof is not None and (adopted := adopt_commit(project, batch, attempt)):
        batch, said = adopted
        return go_on(project, deliver(project, batch), wait=wait, news=(said,))
    try:
        return _Finish(project, batch, attempt, claim).finish(wait=wait)
    except RefusedError as refused:
        batch = project.state.update(lambda current: attempts.refused(current, number - 1))
        if attempt.refusals + 1 < MAX_REFUSALS:
            raise
        return fail_attempt(project, batch, number, refused.refusal, wait=wait)


class _Finish:
    """One call of ``done``: the batch as it was read, the attempt, and what was said."""

    def __init__(self, project: Project, batch: Batch, attempt: Attempt, claim: Claim) -> None:
        self.project = project
        self.batch = batch
        self.attempt = attempt
        self.claim = claim
        self.index = attempt.feature_index
        self.number = attempt.feature_index + 1
        self.baseline: Baseline = from_record(attempt.baseline)

    def finish(self, *, wait: float) -> Outcome:
        problems = commit_message.problems_of(self.claim.message, self._style) if self.claim.message else ()
        if problems:
            raise RefusedError(UnusableMessage(problems=tuple(problems), style=self._style))
        deadline = time.monotonic() + wait
        for _ in range(_RUNS):
            try:
                return self._proven(wait=max(0.0, deadline - time.monotonic()))
            except TreeChangedError:
                # The check may have written what is part of the feature, a lock file: once more, then.
                continue
        raise RefusedError(ChangedMeanwhile(number=self.number))

    def _proven(self, *, wait: float) -> Outcome:
        """Raises :class:`TreeChangedError` for files that changed while they were checked."""
        changes = self._changes()
        # Commits alone are no change: they may be empty, or take each other back.
        if not is_work(self.project, self.batch, changes.mine) and not self.claim.no_change:
            raise RefusedError(NothingChanged(number=self.number))
        proof = prove(self.project, self.batch, self.attempt, changes, self.baseline, self.claim, wait=wait)
        if proof.is_pending:
            command = self.batch.check.command if self.batch.check is not None else ""
            return Waiting(cause=CheckRuns(command=command))
        if proof.problem is not None:
            return self._unproven(proof, proof.problem, wait=wait)
        reviewed = self._reviewed(proof, changes)
        if isinstance(reviewed, Waiting):
            return reviewed
        proof = reviewed
        commit = None
        if changes.mine and self._commits:
            try:
                commit = self._commit(proof)
            except TreeChangedError:
                raise
            except GitError as error:
                return self._not_committed(error, wait=wait)
        return self._record(proof.evidence, commit, wait=wait)

    @property
    def _style(self) -> MessageStyle:
        settled = self.batch.delivery
        return settled.message_style if settled is not None else "conventional"

    @property
    def _commits(self) -> bool:
        """As it was settled when the batch began: an ``.env`` that a feature rewrites changes nothing."""
        settled = self.batch.delivery
        return settled.commit if settled is not None else self.project.config.flag("AUTO_GIT_ENABLED")

    def _changes(self) -> ChangeSet:
        status = None
        if self._commits:
            self.baseline, status = uncommitted(self.project, self.batch, self.index, self.baseline)
        changes = own_changes(self.project, self.batch, self.baseline, status=status)
        if not self._commits:
            # Where nothing is committed, a later feature may change what an earlier one left in the tree.
            return with_changed(changes, mine=(*changes.mine, *changes.touched_users), touched_users=())
        if changes.touched_users:
            paths = tuple(change.path for change in changes.touched_users)
            raise RefusedError(UsersFilesTouched(number=self.number, paths=paths))
        return changes

    def _unproven(self, proof: Proof, problem: Refusal, *, wait: float) -> Outcome:
        """The feature stays open with what is wrong, until that has been so too often."""
        result = proof.result
        if result is not None:
            batch = self.project.state.update(
                lambda current: attempts.check_failed(current, self.index, result.exit_code, result.seconds)
            )
            if self.attempt.failed_checks + 1 >= MAX_FAILED_CHECKS:
                facts = FailureFacts(
                    "check", result.output, exit_code=result.exit_code, timed_out=result.timed_out
                )
                return fail_attempt(self.project, batch, self.number, problem, facts=facts, wait=wait)
        raise RefusedError(problem)

    def _reviewed(self, proof: Proof, changes: ChangeSet) -> Proof | Waiting:
        """The proof with what another reader says of it, where one is wanted; a person's own call needs none.

        Raises :class:`RefusedError` for what that one found.
        """
        wanted = is_wanted(self.project.config.text("BATCH_REVIEW"), proof.evidence)
        if not wanted or not self.project.session.session_id:
            return proof
        step = next_step(self.attempt.review, proof.tree)
        if isinstance(step, Ask):
            review = step.review
            write_diff(self.project, changes, self.baseline, self.number)
            self.project.state.update(
                lambda current: attempts.review_asked(current, self.index, proof.evidence, review)
            )
            return Waiting(cause=ReviewWanted(number=self.number))
        if isinstance(step, SendBack):
            returned = step.review
            self.project.state.update(lambda current: attempts.review_returned(current, self.index, returned))
            raise RefusedError(FoundByReviewer(number=self.number, lines=step.findings))
        evidence = record_with(proof.evidence, found=step.findings, reviewed=step.answered)
        return with_changed(proof, evidence=evidence)

    def _commit(self, proof: Proof) -> Commit:
        """Raises :class:`GitError` for what only a person can mend, :class:`RefusedError` for the rest."""
        # The check may have changed some.
        require_settings(
            self.project.git, self.number, self.baseline, self.claim.allowed, beside=proof.evidence.beside
        )
        self.project.state.update(
            lambda current: attempts.proven(current, self.index, proof.evidence, proof.tree)
        )
        changes = self._changes()
        feature = self.batch.features[self.index]
        issue = issue_of(feature)
        words = self.claim.message or commit_message.build_message(
            feature.text, issue_number=issue, style=self._style
        )
        try:
            return commit_feature(
                self.project.git,
                changes,
                words,
                baseline=self.baseline,
                tree=proof.tree,
                batch_id=self.batch.batch_id,
                feature_number=self.number,
                style=self._style,
            )
        except CommitRefusedError as error:
            raise RefusedError(CommitRefused(number=self.number, why=str(error))) from error

    def _not_committed(self, error: GitError, *, wait: float) -> Outcome:
        """git can't commit (signing, a lock, the repository's condition): said, and in nobody's way."""
        record = failure_record(str(error), clock.timestamp(self.project.now()))
        batch = self.project.state.update(
            lambda current: Transition(
                "commit",
                progress.with_operation(current, self.index, "commit", record),
                feature=self.number,
                error=str(error),
            )
        )
        facts = FailureFacts("git", str(error))
        refusal = CommitRefused(number=self.number, why=str(error))
        return fail_attempt(self.project, batch, self.number, refusal, facts=facts, wait=wait)

    def _record(self, evidence: Evidence, commit: Commit | None, *, wait: float) -> Outcome:
        at = clock.timestamp(self.project.now())
        batch = self.project.state.update(
            lambda current: completed(current, self.index, evidence, commit, at=at)
        )
        retry_manager(self.project, batch.batch_id).record_success()
        if self.attempt.review is not None:
            forget_diff(self.project, self.number)
        batch = deliver(self.project, batch)
        news = FeatureDone(number=self.number, commit=commit.sha if commit is not None else "")
        return go_on(self.project, batch, wait=wait, news=(news,))
