"""A turn ended because the API failed: only the session that owns a batch has to do something about it."""

from __future__ import annotations

from batch_implement.oversight.ownership import is_owner
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """What becomes of the batch; a subagent's error is its caller's to see, and only noted."""
    state = StateFile(state_file(home))
    batch = state.find()
    if batch is None or not is_owner(batch, session):
        return None
    if agent_id := event.get("agent_id"):
        from batch_implement.model.attempts import worker_cut_off  # noqa: PLC0415 -- an agent's

        # In every state of the batch: one that is paused goes on later.
        state.update(lambda current: worker_cut_off(current, str(agent_id)))
        return None
    if not batch.is_going:
        return None
    from batch_implement.execution.in_session.api_failure import answer_owner  # noqa: PLC0415 -- not for strangers

    return answer_owner(home, session, event, state, batch)
