"""A feature has failed: it is tried again, or its work is kept out of the way and the batch goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.advance import go_on, pause
from batch_implement.engine.answered import answered, attempt_at, refuse_stranger, require_going
from batch_implement.engine.awaited_worker import await_worker
from batch_implement.engine.last_words import needed_person
from batch_implement.engine.own_changes import own_changes
from batch_implement.engine.own_commits import BroughtBack, brought_back
from batch_implement.engine.reconciliation import compared_with_git
from batch_implement.engine.retries import retry_manager
from batch_implement.engine.review_material import forget_diff
from batch_implement.model import progress
from batch_implement.model.evidence import Evidence
from batch_implement.model.outcomes import GivenUp, TriedAgain, Waiting
from batch_implement.model.record import fields_of, replace
from batch_implement.model.refusals import CheckFailed, CommitRefused, LostTests
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.waits import wait_until, with_wait
from batch_implement.recovery.classify import sanitize_error_message
from batch_implement.recovery.decide import RetryAction
from batch_implement.recovery.failure import FailureFacts
from batch_implement.scheduling.holds import hold_dependents
from batch_implement.system import clock
from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.excerpt import last_words
from batch_implement.system.text.secrets import redact
from batch_implement.workspace.baseline import from_record
from batch_implement.workspace.set_aside import set_aside

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.outcomes import Outcome
    from batch_implement.model.refusals import Refusal
    from batch_implement.recovery.failures import Judgement

_ERROR_LENGTH = 2_000
_LAST_WORDS = 200
_NAMED = 5
_NO_PROGRESS = "turn after turn ended without anything done"
_NOT_FROM_HERE = "it can't be done from here"


@answered
def fail_feature(project: Project, number: int, *, error: str, wait: float) -> Outcome:
    """Judge why feature ``number`` (from 1) failed, act on it, and go on."""
    batch = await_worker(project, number, wait=wait)
    if isinstance(batch, Waiting):
        return batch
    return _reported(project, batch, number, error, wait=wait)


def give_up(project: Project, number: int, *, error: str, wait: float) -> Outcome:
    """As :func:`fail_feature`, whatever its worker does, and without another try: nothing was tried in this
    one. Raises :class:`RefusedError`."""
    return _reported(project, project.state.read(), number, error, again=False, wait=wait)


def _reported(
    project: Project, batch: Batch, number: int, error: str, *, again: bool = True, wait: float
) -> Outcome:
    refuse_stranger(batch, project.session)
    batch = compared_with_git(project, batch)
    require_going(batch)
    return _judged(project, batch, number, error, FailureFacts("report", error), again=again, wait=wait)


def fail_attempt(
    project: Project,
    batch: Batch,
    number: int,
    refusal: Refusal,
    *,
    facts: FailureFacts | None = None,
    wait: float,
) -> Outcome:
    """The same for a feature that was refused too often, or can't be committed.

    ``facts`` is what is known beside the words.
    """
    error = in_short(refusal)
    return _judged(project, batch, number, error, facts or FailureFacts("report", error), wait=wait)


def in_short(refusal: Refusal) -> str:
    """What the record of a failed feature keeps of why it was refused: facts, and last words of an output."""
    if isinstance(refusal, CheckFailed):
        how = "was ended after its time limit" if refusal.timed_out else f"ended with {refusal.exit_code}"
        failed = f" ({', '.join(refusal.failed[:_NAMED])})" if refusal.failed else ""
        return f"{refusal.command} {how}{failed}: {last_words(refusal.output, _LAST_WORDS)}"
    if isinstance(refusal, LostTests):
        lost = ", ".join(f"{test.name} ({test.became or 'gone'})" for test in refusal.tests[:_NAMED])
        return f"Tests that passed before don't any more: {lost}"
    if isinstance(refusal, CommitRefused):
        return f"It could not be committed: {refusal.why}"
    names = (name for name in fields_of(type(refusal)) if name != "number")
    facts = "; ".join(f"{name}: {_plain(getattr(refusal, name))}" for name in names)
    why = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(refusal).__name__)
    return f"It was refused again and again:{why}{f' ({facts})' if facts else ''}"


def _plain(value: object) -> str:
    return one_line(", ".join(value) if isinstance(value, tuple) else str(value), _ERROR_LENGTH)


def _judged(
    project: Project,
    batch: Batch,
    number: int,
    error: str,
    facts: FailureFacts,
    *,
    again: bool = True,
    wait: float,
) -> Outcome:
    attempt = attempt_at(batch, number)
    index = attempt.feature_index
    told = one_line(sanitize_error_message(error), _ERROR_LENGTH)
    if needs := needed_person(error) or needed_person(attempt.said):
        return _set_aside(project, batch, index, told, _NOT_FROM_HERE, needs=needs, wait=wait)
    judgement = retry_manager(project, batch.batch_id).record_failure(index, facts)
    decision = judgement.decision
    if decision.action is RetryAction.PAUSE:
        return pause(project, "failure", about=told, feature=index, resumes_when="mended")
    if decision.action is RetryAction.SKIP:
        return _set_aside(project, batch, index, told, decision.reason, wait=wait)
    if decision.action is RetryAction.RETRY and not again:
        return _set_aside(project, batch, index, told, _NO_PROGRESS, wait=wait)
    if decision.action is RetryAction.RETRY:
        batch = project.state.update(lambda current: _again(project, current, index, told, judgement))
    else:
        batch = project.state.update(lambda current: _hold(project, current, judgement))
    return go_on(project, batch, wait=wait, news=(TriedAgain(number=number, reason=decision.reason),))


def _again(project: Project, batch: Batch, index: int, told: str, judgement: Judgement) -> Transition:
    """The attempt is filed, its work stays in the tree, and the feature is the next one again."""
    if index not in batch.open_attempts:
        return NOTHING
    at = clock.timestamp(project.now())
    after = progress.try_again(batch, index, told, at=at, retries=judgement.retries)
    reason = judgement.decision.reason
    return Transition(
        "retry", _waiting(project, after, judgement, index), feature=index + 1, error=told, reason=reason
    )


def _hold(project: Project, batch: Batch, judgement: Judgement) -> Transition:
    """Nothing is charged: the attempt goes on when the limit has ended."""
    after = _waiting(project, batch, judgement, None)
    return NOTHING if after is batch else Transition("waiting", after, reason=judgement.decision.reason)


def _waiting(project: Project, batch: Batch, judgement: Judgement, feature: int | None) -> Batch:
    decision = judgement.decision
    if decision.wait_seconds < 1:
        return batch
    return with_wait(batch, wait_until(project.now(), decision.wait_seconds, decision.reason, feature))


def _set_aside(
    project: Project, batch: Batch, index: int, told: str, reason: str, *, needs: str = "", wait: float
) -> Outcome:
    """What it changed is kept on a branch, and the next feature begins without it."""
    attempt = batch.open_attempts[index]
    kept = _kept(project, batch, index)
    about = Evidence(not_retried=reason, kept_on=kept, said=redact(attempt.said), needs=redact(needs))
    if attempt.review is not None:
        forget_diff(project, index + 1)
    at = clock.timestamp(project.now())
    batch = project.state.update(lambda current: _failed(current, index, told, about, at))
    return go_on(project, batch, wait=wait, news=(GivenUp(number=index + 1, reason=reason, kept_on=kept),))


def _kept(project: Project, batch: Batch, index: int) -> str:
    """The branches that have its work now."""
    baseline = from_record(batch.open_attempts[index].baseline)
    branch = f"batch-implement/{batch.batch_id}/feature-{index + 1}"
    found = BroughtBack(baseline, "")
    if batch.delivery is not None and batch.delivery.commit:
        found = brought_back(project, batch, baseline, keep_on=branch)
    changes = own_changes(project, batch, found.baseline)
    kept = set_aside(project.git, changes, branch=branch, onto=found.onto)
    return " and ".join(dict.fromkeys(name for name in (kept, found.elsewhere) if name))


def _failed(batch: Batch, index: int, told: str, about: Evidence, at: str) -> Transition:
    if index in batch.failed:
        return NOTHING
    after = progress.fail(batch, index, told, about, at=at)
    after = replace(after, held=hold_dependents(after, index))
    return Transition(
        "failed", after, feature=index + 1, error=told, not_retried=about.not_retried, kept_on=about.kept_on
    )
