"""The API has failed: no attempt is charged, and when to go on is decided from what it said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.engine.advance import pause
from batch_implement.engine.happenings import BatchPaused, BatchWaits
from batch_implement.engine.project import Project
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.waits import awaits_judgement, wait_until, with_wait
from batch_implement.presentation.observer import observe
from batch_implement.presentation.terminal import terminal_sequence
from batch_implement.recovery.api_errors import is_context_full
from batch_implement.recovery.decide import RetryAction
from batch_implement.recovery.failure import FailureFacts, FailureKind
from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.scheduling.ready import current_feature

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session
    from batch_implement.recovery.failures import Judgement

_SOURCE = "api"
_REFUSED = frozenset({"invalid_request", "unknown"})
_FULL = "context_full"
_LONGEST_MESSAGE = 4_000
# Half a minute: an error that is no limit may be a hiccup of the network.
_HICCUP_SECONDS = 30.0


def judge(home: str, session: Session, error: str, message: str) -> dict[str, Any] | None:
    """Put the wait that was decided on in place of the first one, or pause; an answer for the terminal where
    a person is needed.

    Nothing is changed when the batch has gone on, or was stopped, meanwhile.
    """
    project = Project(Path(home), Path(home), session, observe=observe)
    facts = _facts(error, message)
    batch = project.state.read()
    judgement = _record(project, batch, facts)
    if not awaits_judgement(project.state.read()):
        return None
    if _is_hopeless(judgement, facts):
        full = facts.api_error == _FULL
        pause(
            project,
            "context-full" if full else "outage",
            about=judgement.decision.reason,
            resumes_when="cleared" if full else "mended",
        )
        return {"terminalSequence": terminal_sequence(batch, "paused")}
    seconds = judgement.decision.wait_seconds or _HICCUP_SECONDS
    wait = wait_until(project.now(), seconds, judgement.decision.reason)

    def put(current: Batch) -> Transition:
        if not awaits_judgement(current):
            return NOTHING
        return Transition("judged", with_wait(current, wait), until=wait.at, reason=wait.reason)

    observe(project, BatchWaits(project.state.update(put), wait))
    return None


def tell_of_pause(home: str, session: Session, error: str, message: str) -> None:
    """Write down the failure for which the batch has been paused, and run the user's command."""
    project = Project(Path(home), Path(home), session, observe=observe)
    batch = project.state.read()
    _record(project, batch, _facts(error, message))
    if batch.pause is not None:
        observe(project, BatchPaused(batch, batch.pause))


def _record(project: Project, batch: Batch, facts: FailureFacts) -> Judgement:
    # Waiting for the API is no retry of a feature, so it needs no consent.
    manager = BatchRetryManager(project.home, batch.batch_id, enabled=True)
    return manager.record_failure(current_feature(batch) or 0, facts)


def _facts(error: str, message: str) -> FailureFacts:
    if error in _REFUSED and is_context_full(message):
        error = _FULL
    return FailureFacts(_SOURCE, message[:_LONGEST_MESSAGE], api_error=error)


def _is_hopeless(judgement: Judgement, facts: FailureFacts) -> bool:
    """Whether the next turn would end as this one did: a refused request is refused again, and a full
    conversation costs another attempt to compact it each time."""
    action = judgement.decision.action
    passes = judgement.failure.kind is FailureKind.TRANSIENT and facts.api_error != _FULL
    return action is RetryAction.PAUSE or (action is RetryAction.SKIP and not passes)
