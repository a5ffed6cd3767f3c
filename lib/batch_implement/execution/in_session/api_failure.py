"""The API has failed in the session that owns a batch.

What is certain at once is written at once: that the batch waits, or that a person has to act. What takes a
look at the error's words, at what failed before and at the settings is done behind the answer.
"""

from __future__ import annotations

from batch_implement.execution.in_session.behind import do_behind
from batch_implement.model.batch import Pause
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.rests import rested
from batch_implement.oversight.waits import first_wait, with_wait
from batch_implement.presentation.terminal import terminal_sequence
from batch_implement.recovery.api_errors import FOR_A_PERSON, is_plain_outage, somebody_has_to_act
from batch_implement.system import clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session
    from batch_implement.state.state_file import StateFile

_NAME = "stop-failure"


def answer_owner(
    home: str, session: Session, event: Mapping[str, Any], state: StateFile, batch: Batch
) -> dict[str, Any] | None:
    """For the terminal, where it is known that a person has to act."""
    error = str(event.get("error") or "unknown")
    if error in FOR_A_PERSON:
        do_behind(
            home,
            _NAME,
            lambda: _tell_of_pause(home, session, event),
            first=lambda: state.update(lambda current: _paused(current, error)),
        )
        return {"terminalSequence": terminal_sequence(batch, "paused")}
    wait = first_wait()

    def waits() -> Batch:
        return state.update(lambda current: Transition("waiting", with_wait(current, wait), until=wait.at))

    if session.attended and not is_plain_outage(error, message_of(event)):
        # It may come to a pause, and nothing but this answer reaches the person's terminal.
        waits()
        return _judge(home, session, event)
    do_behind(home, _NAME, lambda: _judge(home, session, event), first=waits)
    return None


def message_of(event: Mapping[str, Any]) -> str:
    return str(event.get("last_assistant_message") or event.get("error_details") or "")


def _paused(batch: Batch, error: str) -> Transition:
    if not batch.is_going:
        return NOTHING
    at = clock.current_timestamp()
    pause = Pause(
        kind="outage",
        since=at,
        about=somebody_has_to_act(FOR_A_PERSON[error]),
        resumes_when="mended",
    )
    return Transition(
        "paused", replace(rested(batch, at), status="paused", pause=pause, waits=()), kind=pause.kind
    )


def _judge(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    from batch_implement.execution.in_session.outage import judge  # noqa: PLC0415 -- heavy, and behind the answer

    return judge(home, session, str(event.get("error") or "unknown"), message_of(event))


def _tell_of_pause(home: str, session: Session, event: Mapping[str, Any]) -> None:
    from batch_implement.execution.in_session.outage import tell_of_pause  # noqa: PLC0415 -- the same

    tell_of_pause(home, session, str(event.get("error")), message_of(event))
