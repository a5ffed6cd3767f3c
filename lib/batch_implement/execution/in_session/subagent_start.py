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
    if event.get("agent_type") != AGENT or not state.exists():
        return None
    batch = state.read()
    if not works_on(batch, session):
        return None
    from batch_implement.model.attempts import worker_begun  # noqa: PLC0415 -- not for strangers
    from batch_implement.presentation.prompts import current_work_order  # noqa: PLC0415 -- the same
    from batch_implement.scheduling.ready import current_feature  # noqa: PLC0415 -- the same

    index = current_feature(batch)
    if index is None or index not in batch.open_attempts:
        return None
    agent_id = str(event.get("agent_id", ""))
    batch = state.update(lambda current: worker_begun(current, index, agent_id, session.client))
    return {
        "hookSpecificOutput": {
            "hookEventName": "SubagentStart",
            "additionalContext": current_work_order(batch),
        }
    }
