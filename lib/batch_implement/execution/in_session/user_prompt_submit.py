"""The person says something to the session that works on a batch, after they have interrupted it."""

from __future__ import annotations

from batch_implement.oversight.ownership import works_on
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session

# What the client itself begins a turn with, as when an agent has ended.
_NOT_TYPED = "<"


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """One line on where the batch stands, and that it goes on; Claude is told nothing."""
    if str(event.get("prompt") or "").startswith(_NOT_TYPED):
        return None
    batch = StateFile(state_file(home)).find()
    if batch is None or not works_on(batch, session):
        return None
    from batch_implement.oversight.signs import was_interrupted  # noqa: PLC0415 -- not for strangers
    from batch_implement.presentation.status import after_interruption  # noqa: PLC0415 -- the same

    if not was_interrupted(str(event.get("transcript_path") or "")):
        return None
    return {"systemMessage": after_interruption(batch)}
