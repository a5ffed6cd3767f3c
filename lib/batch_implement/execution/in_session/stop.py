"""Claude wants to end its turn: while the batch has work left, it is told what that is instead."""

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
    """Nothing, which lets the turn end, for every session but the one that owns the batch."""
    state = StateFile(state_file(home))
    batch = state.find()
    if batch is None or not is_owner(batch, session):
        return None
    from batch_implement.execution.in_session.turn_end import answer_owner  # noqa: PLC0415 -- not for strangers

    return answer_owner(home, session, event, state, batch)
