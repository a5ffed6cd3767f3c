"""A turn of the session that owns a batch wants to end."""

from __future__ import annotations

import os

from batch_implement.oversight.stalls import count_block, is_last_chance, is_stalled
from batch_implement.oversight.workers import at_work
from batch_implement.presentation.prompts import goes_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session
    from batch_implement.state.state_file import StateFile

_OWN_COMMAND = "batch-implement"
_LAST_WORDS = 300
# The first that goes on with a turn for the context that a Stop hook gives.
_TAKES_CONTEXT = (2, 1, 163)


def answer_owner(
    home: str, session: Session, event: Mapping[str, Any], state: StateFile, batch: Batch
) -> dict[str, Any] | None:
    """A word with which the turn goes on, or nothing, which lets it end."""
    if batch.is_over:
        from batch_implement.presentation.terminal import terminal_sequence  # noqa: PLC0415 -- once a batch

        if at_work(batch):
            return None  # its end is still to be written down there
        state.archive()
        return {"terminalSequence": terminal_sequence(batch, "the batch has ended")}
    if not batch.is_going or task_will_wake(event) or _hook_will_wake(session, batch):
        return None
    if is_stalled(batch) or is_last_chance(batch):
        return _give_up(home, session, event, batch)
    batch = state.update(count_block)
    if at_work(batch):
        batch = _without_workers(state, batch)
    return _block(goes_on(batch) + _running(event))


def _without_workers(state: StateFile, batch: Batch) -> Batch:
    """Nothing runs at whose end a turn begins, so they are gone."""
    from batch_implement.model.attempts import worker_cut_off  # noqa: PLC0415 -- seldom

    for attempt in at_work(batch):
        worker_id = attempt.worker.id if attempt.worker is not None else ""
        batch = state.update(lambda current, gone=worker_id: worker_cut_off(current, gone))  # type: ignore[misc]
    return batch


def _hook_will_wake(session: Session, batch: Batch) -> bool:
    if not batch.waits or not session.attended:
        return False
    from batch_implement.oversight.waits import current_wait  # noqa: PLC0415 -- seldom

    return current_wait(batch) is not None


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
    batch, goes = give_up(home, session, batch, said)
    from batch_implement.presentation.feature_line import lines_after  # noqa: PLC0415 -- seldom
    from batch_implement.presentation.report import spoken_report  # noqa: PLC0415 -- the same

    failed = batch.failed_features[-1].feature_index if batch.failed_features else None
    told = spoken_report(batch) if batch.is_over else lines_after(batch, failed)
    return {"systemMessage": told, **(_block(goes_on(batch)) if goes else {})}


def _block(reason: str) -> dict[str, Any]:
    """Context goes on with the turn as a block does, but reaches Claude once instead of twice, and the
    person as something said instead of as an error. Older clients know the block only."""
    if _client_version() < _TAKES_CONTEXT:
        return {"decision": "block", "reason": reason}
    return {"hookSpecificOutput": {"hookEventName": "Stop", "additionalContext": reason}}


def _running(event: Mapping[str, Any]) -> str:
    return "\nWhat still runs in the background is not waited for." if event.get("background_tasks") else ""


def _client_version() -> tuple[int, ...]:
    """As the client tells its hooks (``claude-code_2-1-330_harness``); empty for one that does not."""
    name = os.environ.get("AI_AGENT", "").replace("/", "_").replace(".", "-")
    numbers = name.partition("_")[2].partition("_")[0].split("-")
    return tuple(int(number) for number in numbers if number.isascii() and number.isdigit())
