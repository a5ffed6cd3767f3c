"""The subagent that implements a feature has ended by itself: what it left is no half work."""

from __future__ import annotations

from batch_implement.oversight.ownership import is_owner
from batch_implement.oversight.workers import AGENT
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Nothing is said; a client that is killed later goes on to ``done`` instead of another agent."""
    state = StateFile(state_file(home))
    batch = state.find() if event.get("agent_type") == AGENT else None
    # In every state of the batch: one that is paused goes on later.
    if batch is not None and is_owner(batch, session):
        from batch_implement.model.attempts import worker_ended  # noqa: PLC0415 -- not for strangers

        state.update(lambda current: worker_ended(current, str(event.get("agent_id", ""))))
    return None
