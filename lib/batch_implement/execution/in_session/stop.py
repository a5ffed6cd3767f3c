"""Claude wants to end its turn: while the batch has work left, it is told what that is instead."""

from __future__ import annotations

from batch_implement.model.attempts import worker_cut_off
from batch_implement.oversight.ownership import is_owner
from batch_implement.oversight.stalls import count_block, is_last_chance, is_stalled
from batch_implement.oversight.waits import current_wait
from batch_implement.oversight.workers import at_work
from batch_implement.presentation.prompts import assignment
from batch_implement.presentation.terminal import terminal_sequence
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.ownership import Session

_OWN_COMMAND = "batch-implement"
_LAST_WORDS = 300


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The assignment, with which the turn goes on, or nothing, which lets it end."""
    state = StateFile(state_file(home))
    if not state.exists():
        return None
    batch = state.read()
    if not is_owner(batch, session):
        return None
    if batch.is_over:
        state.archive()
        return {"terminalSequence": terminal_sequence(batch, "the batch has ended")}
    if not batch.is_going or task_will_wake(event) or _monitor_will_wake(home, session, batch):
        return None
    if is_stalled(batch) or is_last_chance(batch):
        return _give_up(home, session, event, batch)
    batch = state.update(count_block)
    for attempt in at_work(batch):  # nothing runs at whose end a turn begins, so they are gone
        worker_id = attempt.worker.id if attempt.worker is not None else ""
        batch = state.update(lambda current, gone=worker_id: worker_cut_off(current, gone))  # type: ignore[misc]
    return _block(assignment(batch) + _waiting_for(event))


def _monitor_will_wake(home: str, session: Session, batch: Batch) -> bool:
    if current_wait(batch) is None:
        return False
    from batch_implement.oversight.monitor_presence import will_be_woken  # noqa: PLC0415 -- seldom

    return will_be_woken(home, session)


def task_will_wake(event: Mapping[str, Any]) -> bool:
    """Whether something is running at whose end the client starts a turn by itself.

    A subagent, or our own command that was moved to the background. Any other background command may be
    a server that never ends, and the batch would stand still with it.
    """
    tasks = [task for task in event.get("background_tasks") or () if isinstance(task, dict)]
    return any(
        task.get("type") not in {"shell", "monitor"} or _OWN_COMMAND in str(task.get("command", ""))
        for task in tasks
        if task.get("type") != "monitor"
    )


def _give_up(home: str, session: Session, event: Mapping[str, Any], batch: Batch) -> dict[str, Any] | None:
    from batch_implement.execution.in_session.stalled import give_up  # noqa: PLC0415 -- heavy, and seldom

    said = " ".join(str(event.get("last_assistant_message") or "").split())[:_LAST_WORDS]
    text = give_up(home, session, batch, said)
    return _block(text) if text else None


def _block(reason: str) -> dict[str, Any]:
    """Context goes on with the turn as a block does, but reaches Claude once instead of twice, and the
    person as something said instead of as an error."""
    return {"hookSpecificOutput": {"hookEventName": "Stop", "additionalContext": reason}}


def _waiting_for(event: Mapping[str, Any]) -> str:
    if not event.get("background_tasks"):
        return ""
    return "\nCommands run in the background: wait for one with a tool call, or leave it; don't end the turn."
