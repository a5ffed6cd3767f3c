"""The subagent that implements a feature begins: it is given its work order."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import begin
from batch_implement.presentation.prompts import AGENT, work_order
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.ownership import Session


def answer(root: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The work order, for our own agent in the session that owns the batch."""
    state = StateFile(state_file(root))
    if event.get("agent_type") != AGENT or not state.exists():
        return None
    fields = state.read()
    if not works_on(fields, session) or not fields.get("attempt"):
        return None
    fields = state.update(lambda current: begin(current, str(event.get("agent_id", "")), session))
    return {"hookSpecificOutput": {"hookEventName": "SubagentStart", "additionalContext": work_order(fields)}}
