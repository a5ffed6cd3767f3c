"""What is seen of a batch beside its state: whether somebody works on it, and what that one does."""

from __future__ import annotations

from batch_implement.model.record import replace
from batch_implement.model.standstill import Asked
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.oversight.conversation import conversation_of, is_interrupted, written_at
from batch_implement.oversight.ownership import owner_is_alive, works_on
from batch_implement.oversight.workers import at_work
from batch_implement.system.clock import current_timestamp, seconds_since_1970

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch
    from batch_implement.oversight.session import Session

# What the client had still to write when it asked comes this much later (seconds), at most.
_WRITTEN_LATE = 2.0


class Seen:
    """What is seen beside the state. ``at`` is now.

    ``is_alone``: no session works on it; ``is_asking``: Claude waits for a person's answer;
    ``is_interrupted``: a person has pressed Esc. Then how many failures in a row keep features from being
    tried again, and issues from being closed; 0 for none.
    """

    __slots__ = ("at", "is_alone", "is_asking", "is_interrupted", "refused_closings", "refused_retries")

    def __init__(
        self,
        at: str,
        *,
        is_alone: bool = False,
        is_asking: bool = False,
        is_interrupted: bool = False,
        refused_retries: int = 0,
        refused_closings: int = 0,
    ) -> None:
        self.at = at
        self.is_alone = is_alone
        self.is_asking = is_asking
        self.is_interrupted = is_interrupted
        self.refused_retries = refused_retries
        self.refused_closings = refused_closings


def look(batch: Batch) -> Seen:
    """What can be seen from here now."""
    return Seen(
        current_timestamp(),
        is_alone=is_left_alone(batch),
        is_asking=_is_asking(batch),
        is_interrupted=_is_interrupted(batch),
    )


def is_left_alone(batch: Batch) -> bool:
    """Whether it is to go on, and no session works on it. A client that is not known may be there."""
    owner = batch.owner
    return batch.is_going and (owner is None or (bool(owner.client) and not owner_is_alive(batch)))


def ask(batch: Batch, session: Session, event: Mapping[str, Any]) -> Transition:
    """Claude has asked a person, as Claude Code's event tells."""
    if not works_on(batch, session):
        return NOTHING
    asked = Asked(
        at=current_timestamp(),
        tool=str(event.get("tool_name") or "a tool")[:100],
        sequence=batch.sequence + 1,
        transcript=_transcript_of(event),
    )
    return Transition("asked", replace(batch, asked=asked), tool=asked.tool)


def _transcript_of(event: Mapping[str, Any]) -> str:
    """An agent's conversation lies in a folder beside the session's."""
    path, agent = str(event.get("transcript_path") or ""), str(event.get("agent_id") or "")
    return f"{path.removesuffix('.jsonl')}/subagents/agent-{agent}.jsonl" if agent else path


def _is_asking(batch: Batch) -> bool:
    asked = batch.asked
    if asked is None or not batch.is_going or asked.sequence != batch.sequence or not owner_is_alive(batch):
        return False
    return written_at(asked.transcript) <= seconds_since_1970(asked.at) + _WRITTEN_LATE


def _is_interrupted(batch: Batch) -> bool:
    if not batch.is_going or batch.owner is None or at_work(batch):
        return False
    return is_interrupted(conversation_of(batch.owner.session_id))
