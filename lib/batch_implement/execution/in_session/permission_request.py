"""Claude is about to ask the user: our own command, said plainly, needs no answer.

What a slash command allows holds for its own turn only; a turn that a monitor or a subagent's end begins
would ask about ``batch-implement done`` in the middle of the night.
"""

from __future__ import annotations

from batch_implement.execution.in_session.plain_call import is_plain_call
from batch_implement.oversight.ownership import works_on
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Allow a plain call of the batch's own steps; everything else is the user's to decide, and noted."""
    command = (event.get("tool_input") or {}).get("command")
    is_ours = event.get("tool_name") == "Bash" and isinstance(command, str) and is_plain_call(command.strip())
    if not is_ours:
        _note(home, session, event)
        return None
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}


def _note(home: str, session: Session, event: Mapping[str, Any]) -> None:
    """For who asks meanwhile where the batch is."""
    batch = StateFile(state_file(home)).find()
    if batch is not None and works_on(batch, session):
        from batch_implement.oversight.signs import note_question  # noqa: PLC0415 -- not for strangers

        note_question(home, event)
