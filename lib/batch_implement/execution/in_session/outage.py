"""The API has failed: no attempt is charged, and when to go on is written down."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.engine.advance import pause
from batch_implement.engine.happenings import BatchWaits
from batch_implement.engine.project import Project
from batch_implement.model.transition import Transition
from batch_implement.oversight.waits import wait_until, with_wait
from batch_implement.presentation.observer import observe
from batch_implement.presentation.terminal import terminal_sequence
from batch_implement.recovery.decide import RetryAction
from batch_implement.recovery.failure import FailureFacts, FailureKind
from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.scheduling.ready import current_feature
from batch_implement.system.process.daemon import become_daemon
from batch_implement.system.text.secrets import secret_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.ownership import Session
    from batch_implement.recovery.failures import Judgement

_SOURCE = "api"
_REFUSED = frozenset({"invalid_request", "unknown"})
_FULL = "context_full"
_LONGEST_MESSAGE = 4_000
# Half a minute: an error that is no limit may be a hiccup of the network.
_HICCUP_SECONDS = 30.0
# As Claude Code 2.1 words it when it has tried to compact the conversation, and as the API does.
_CONTEXT_FULL = re.compile(
    "autocompact is thrashing|(?:prompt is|conversation) too long|context (?:limit|window)", re.IGNORECASE
)


def wait_out(home: str, session: Session, batch: Batch, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Decide from what Claude Code says of the error; an answer for the terminal where a person is needed."""
    project = Project(Path(home), Path(home), session, observe=observe)
    facts = _facts(event)
    # Waiting for the API is no retry of a feature, so it needs no consent.
    manager = BatchRetryManager(
        project.home, batch.batch_id, enabled=True, known_secrets=secret_values(os.environ)
    )
    judgement = manager.record_failure(current_feature(batch) or 0, facts)
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
    waiting = project.state.update(
        lambda current: Transition("waiting", with_wait(current, wait), until=wait.at, reason=wait.reason)
    )
    observe(project, BatchWaits(waiting, wait))
    return None


def wait_out_alone(home: str, session: Session, batch: Batch, event: Mapping[str, Any]) -> None:
    """The same in a process of its own, whose answer nobody reads."""

    def work() -> None:
        # It was ignored up to here, and would be by the user's own command that is run now.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        wait_out(home, session, batch, event)

    become_daemon(work)


def _facts(event: Mapping[str, Any]) -> FailureFacts:
    message = str(event.get("last_assistant_message") or event.get("error_details") or "")[:_LONGEST_MESSAGE]
    error = str(event.get("error") or "unknown")
    if error in _REFUSED and _CONTEXT_FULL.search(message):
        error = _FULL
    return FailureFacts(_SOURCE, message, api_error=error)


def _is_hopeless(judgement: Judgement, facts: FailureFacts) -> bool:
    """Whether the next turn would end as this one did: a refused request is refused again, and a full
    conversation costs another attempt to compact it each time."""
    action = judgement.decision.action
    passes = judgement.failure.kind is FailureKind.TRANSIENT and facts.api_error != _FULL
    return action is RetryAction.PAUSE or (action is RetryAction.SKIP and not passes)
