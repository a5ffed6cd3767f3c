"""The transitions of an attempt: begun, worked at, looked at, ended."""

from __future__ import annotations

from batch_implement.model.attempt import MAIN_TREE, Attempt, Ground, Proof, Worker
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.attempt import Baseline, Workspace
    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import ChangedExpectation, Evidence
    from batch_implement.model.review import Review

_LONGEST_ID = 100
_LONGEST_SAID = 2_000
_MOST_COMMITS = 50
_MOST_NAMED = 200
_NO_CLIENT = ""


def begin(
    batch: Batch, index: int, *, at: str, baseline: Baseline, workspace: Workspace = MAIN_TREE
) -> Transition:
    """Work on a feature begins, from what its workspace holds; nothing where it has begun already."""
    if index in batch.open_attempts or index in batch.closed:
        return NOTHING
    number = len(batch.attempts.get(index, ())) + 1
    attempt = Attempt(
        feature_index=index,
        number=number,
        started_at=at,
        base_commit=baseline.commit,
        workspace=workspace,
        baseline=baseline,
    )
    return Transition("attempt", with_attempt(batch, attempt), feature=index + 1, attempt=number)


def worker_begun(batch: Batch, index: int, worker_id: str, client: str) -> Transition:
    """A worker was started; of several the last one counts, since one before it was given up."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    worker = Worker(id=worker_id[:_LONGEST_ID], client=client)
    return _changed(batch, "agent", replace(attempt, workers=attempt.workers + 1, worker=worker))


def worker_ended(batch: Batch, worker_id: str, said: str = "") -> Transition:
    """It has ended by itself: what it left is no half work. ``said`` are its last words."""
    attempt = attempt_of(batch, worker_id)
    if attempt is None:
        return NOTHING
    return _changed(batch, "agent_ended", replace(attempt, worker=None, said=said[-_LONGEST_SAID:]))


def worker_cut_off(batch: Batch, worker_id: str) -> Transition:
    """It runs no more and did not end by itself."""
    attempt = attempt_of(batch, worker_id)
    if attempt is None or attempt.worker is None or not attempt.worker.client:
        return NOTHING
    worker = replace(attempt.worker, client=_NO_CLIENT)
    return _changed(batch, "agent_cut_off", replace(attempt, worker=worker))


def attempt_of(batch: Batch, worker_id: str) -> Attempt | None:
    """The open attempt that a worker is at work on, or was cut off in."""
    wanted = worker_id[:_LONGEST_ID]
    return next(
        (one for one in batch.open_attempts.values() if one.worker is not None and one.worker.id == wanted),
        None,
    )


def awaited(batch: Batch, index: int) -> Transition:
    """``done`` or ``fail`` came while its worker was still at work."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    after = replace(attempt, awaited=attempt.awaited + 1)
    return _changed(batch, "awaited", after, awaited=after.awaited)


def named(batch: Batch, index: int, expectations: tuple[ChangedExpectation, ...]) -> Transition:
    """What is said of changed tests is kept: who mends the feature later may not say it again."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    new = tuple(one for one in expectations if one not in attempt.named)
    if not new:
        return NOTHING
    after = replace(attempt, named=(*attempt.named, *new)[-_MOST_NAMED:])
    return _changed(batch, "named", after, tests=[one.test for one in new])


def refused(batch: Batch, index: int) -> Transition:
    """It was said to be done, and was not shown to be: a commit that is there by now is not ours."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    after = replace(attempt, refusals=attempt.refusals + 1, proof=None)
    return _changed(batch, "refused", after, refusals=after.refusals)


def commits_taken_off(batch: Batch, index: int, commits: tuple[str, ...]) -> Transition:
    """The branch was put back to where the attempt began; ``commits`` are the worker's that it had."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    after = replace(attempt, own_commits=(*attempt.own_commits, *commits)[-_MOST_COMMITS:])
    return _changed(batch, "commits_taken_off", after, commits=list(commits))


def check_failed(batch: Batch, index: int, exit_code: int, seconds: float) -> Transition:
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    after = replace(attempt, failed_checks=attempt.failed_checks + 1)
    return _changed(batch, "check_failed", after, exit_code=exit_code, seconds=round(seconds, 2))


def proven(batch: Batch, index: int, evidence: Evidence, tree: str) -> Transition:
    """What was collected is written down before the commit is made, and for which tree."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    return _changed(batch, "proven", replace(attempt, proof=Proof(evidence=evidence, tree=tree)))


def review_asked(batch: Batch, index: int, evidence: Evidence, review: Review) -> Transition:
    """A reviewer is wanted for what was proven."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    proof = Proof(evidence=evidence, tree=review.tree)
    return _changed(batch, "review_asked", replace(attempt, proof=proof, review=review), asked=review.asked)


def reviewer_begun(batch: Batch, index: int, worker_id: str, client: str) -> Transition:
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    worker = Worker(id=worker_id[:_LONGEST_ID], kind="reviewer", client=client)
    return _changed(batch, "reviewer", replace(attempt, worker=worker))


def review_ended(batch: Batch, worker_id: str, said: str) -> Transition:
    """``said`` is the reviewer's answer, whatever it is."""
    attempt = attempt_of(batch, worker_id)
    if attempt is None or attempt.review is None:
        return NOTHING
    review = replace(attempt.review, said=said[-_LONGEST_SAID:])
    return _changed(batch, "review_ended", replace(attempt, worker=None, review=review))


def review_returned(batch: Batch, index: int, review: Review) -> Transition:
    """What it found goes back to who implements."""
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return NOTHING
    return _changed(batch, "review_returned", replace(attempt, review=review), returned=review.returned)


def with_attempt(batch: Batch, attempt: Attempt) -> Batch:
    return replace(batch, open_attempts={**batch.open_attempts, attempt.feature_index: attempt})


def end(
    batch: Batch, index: int, *, at: str, error: str, goes_on: bool = False, proof: Evidence | None = None
) -> Batch:
    """The batch with an open attempt filed under what became of it; ``proof`` is that of one that is done.

    Its baseline is kept only while another attempt ``goes_on`` from there; of any other the ground is.
    """
    attempt = batch.open_attempts.get(index)
    if attempt is None:
        return batch
    ended = replace(
        attempt, ended_at=at, error=error, proof=None, worker=None, said="", named=(), review=None
    )
    filed = (*batch.attempts.get(index, ()), ended)
    if not goes_on:
        filed = tuple(replace(one, baseline=None) for one in filed)
    still = {other: one for other, one in batch.open_attempts.items() if other != index}
    ground = batch.ground if goes_on or attempt.baseline is None else _ground(attempt.baseline, proof)
    return replace(batch, open_attempts=still, attempts={**batch.attempts, index: filed}, ground=ground)


def _ground(baseline: Baseline, proof: Evidence | None) -> Ground:
    """What a check has written meanwhile is no objection to the next. What a failed feature left is, and what
    lay beside a proven tree: the next one may begin to need it."""
    is_given = proof is not None and not proof.beside
    return Ground(
        commit=(proof.commit if proof is not None else "") or baseline.commit,
        branch=baseline.branch,
        users=tuple(baseline.users),
        settings=None if proof is not None and proof.allowed else baseline.settings,
        ignored=None if is_given else baseline.ignored,
    )


def _changed(batch: Batch, event: str, attempt: Attempt, **details: object) -> Transition:
    return Transition(event, with_attempt(batch, attempt), feature=attempt.feature_index + 1, **details)
