"""An agent is about to be started: ours is named for its feature, and waited for where nobody is there."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import AGENT, REVIEWER
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

_OURS = {AGENT: "", REVIEWER: "Review "}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The call with what the client's own list of agents is to show of it; Claude is told nothing."""
    called = event.get("tool_input")
    if not isinstance(called, dict) or str(called.get("subagent_type")) not in _OURS:
        return None
    batch = StateFile(state_file(home)).find()
    if batch is None or not works_on(batch, session):
        return None
    from batch_implement.presentation.feature_line import numbered  # noqa: PLC0415 -- not for strangers
    from batch_implement.scheduling.ready import current_feature  # noqa: PLC0415 -- the same

    index = current_feature(batch)
    if index is None:
        return None
    changed = {**called, "description": f"{_OURS[called['subagent_type']]}{numbered(batch, index)}"}
    if not session.attended:
        changed["run_in_background"] = False
    return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "updatedInput": changed}}
