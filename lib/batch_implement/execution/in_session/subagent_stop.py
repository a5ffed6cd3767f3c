"""A subagent of ours has ended by itself: its work is no half work, or its verdict is there."""

from __future__ import annotations

from batch_implement.oversight.ownership import is_owner
from batch_implement.oversight.workers import AGENT, REVIEWER
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
    kind = event.get("agent_type")
    if kind not in {AGENT, REVIEWER} or not state.exists():
        return None
    if is_owner(state.read(), session):  # in every state of the batch: one that is paused goes on later
        from batch_implement.model.attempts import review_ended, worker_ended  # noqa: PLC0415 -- not for strangers

        said = str(event.get("last_assistant_message") or "")
        ended = worker_ended if kind == AGENT else review_ended
        state.update(lambda current: ended(current, str(event.get("agent_id", "")), said))
    return None
