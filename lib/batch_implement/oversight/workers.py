"""The agent that implements the current feature: whether it is at work, has ended, or was cut off."""

from __future__ import annotations

from batch_implement.model.progress import NOTHING
from batch_implement.state.journal import Transition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.progress import Fields
    from batch_implement.oversight.ownership import Session

_LONGEST_ID = 100
_NO_CLIENT = ""


def begin(fields: Fields, agent_id: str, session: Session) -> Transition:
    """It was started; of several the last one counts, since one before it was given up."""
    attempt = fields.get("attempt")
    if not attempt:
        return NOTHING
    agent = {"id": agent_id[:_LONGEST_ID], "client": session.client}
    return _transition("agent", attempt, agents=int(attempt.get("agents", 0)) + 1, agent=agent)


def end(fields: Fields, agent_id: str) -> Transition:
    """It has ended by itself: what it left is no half work."""
    if _last(fields).get("id") != agent_id[:_LONGEST_ID]:
        return NOTHING
    return _transition("agent_ended", fields["attempt"], agent=None)


def cut_off(fields: Fields, agent_id: str = "") -> Transition:
    """It, or whichever is at work, runs no more and did not end by itself."""
    agent = _last(fields)
    if not agent.get("client") or (agent_id and agent["id"] != agent_id[:_LONGEST_ID]):
        return NOTHING
    return _transition("agent_cut_off", fields["attempt"], agent={**agent, "client": _NO_CLIENT})


def is_at_work(fields: Fields) -> bool:
    """Whether it was started by the client that owns the batch now, and did not end as far as is known.

    Nobody tells when a person ends an agent. A turn that is ended to wait for one that is gone is sent on at
    once, and then it counts as cut off.
    """
    client = (fields.get("owner") or {}).get("client")
    return bool(client) and _last(fields).get("client") == client


def was_cut_off(fields: Fields) -> bool:
    return bool(_last(fields)) and not is_at_work(fields)


def _last(fields: Fields) -> Mapping[str, Any]:
    """The agent of the attempt that was started last; empty when it has ended by itself."""
    return (fields.get("attempt") or {}).get("agent") or {}


def _transition(event: str, attempt: Mapping[str, Any], **changes: Any) -> Transition:
    return Transition(event, {"attempt": {**attempt, **changes}}, {"feature": attempt["feature_index"] + 1})
