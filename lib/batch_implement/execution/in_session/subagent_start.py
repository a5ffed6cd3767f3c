"""A subagent of ours begins: it is given its work order, or what it is to review."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.oversight.workers import AGENT, REVIEWER
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The work order, for our own agents in the session that owns the batch."""
    state = StateFile(state_file(home))
    kind = event.get("agent_type")
    if kind not in {AGENT, REVIEWER} or not state.exists():
        return None
    batch = state.read()
    if not works_on(batch, session):
        return None
    from batch_implement.scheduling.ready import current_feature  # noqa: PLC0415 -- not for strangers

    index = current_feature(batch)
    if index is None or index not in batch.open_attempts:
        return None
    agent_id = str(event.get("agent_id", ""))
    begin = _reviewer if kind == REVIEWER else _worker
    return {
        "hookSpecificOutput": {
            "hookEventName": "SubagentStart",
            "additionalContext": begin(state, index, agent_id, session.client),
        }
    }


def _worker(state: StateFile, index: int, agent_id: str, client: str) -> str:
    from batch_implement.model.attempts import worker_begun  # noqa: PLC0415 -- not for strangers
    from batch_implement.presentation.prompts import current_work_order  # noqa: PLC0415 -- the same

    return current_work_order(state.update(lambda current: worker_begun(current, index, agent_id, client)))


def _reviewer(state: StateFile, index: int, agent_id: str, client: str) -> str:
    from batch_implement.model.attempts import reviewer_begun  # noqa: PLC0415 -- seldom
    from batch_implement.presentation.review_order import review_order  # noqa: PLC0415 -- seldom

    return review_order(state.update(lambda current: reviewer_begun(current, index, agent_id, client)), index)
