"""The subagent that implements a feature begins: it is given its work order."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import AGENT
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The work order, for our own agent in the session that owns the batch."""
    state = StateFile(state_file(home))
    batch = state.find() if event.get("agent_type") == AGENT else None
    if batch is None or not works_on(batch, session):
        return None
    from batch_implement.model.attempts import worker_begun  # noqa: PLC0415 -- not for strangers
    from batch_implement.presentation.prompts import work_order  # noqa: PLC0415 -- the same

    index = next(iter(batch.open_attempts), None)
    if index is None:
        return None
    agent_id = str(event.get("agent_id", ""))
    batch = state.update(lambda current: worker_begun(current, index, agent_id, session.client))
    return {
        "hookSpecificOutput": {
            "hookEventName": "SubagentStart",
            "additionalContext": work_order(batch, index),
        }
    }
