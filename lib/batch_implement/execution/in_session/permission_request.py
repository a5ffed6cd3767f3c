"""Claude is about to ask the user: our own command, said plainly, needs no answer.

What a slash command allows holds for its own turn only; a turn that a monitor or a subagent's end begins
would ask about ``batch-implement done`` in the middle of the night.
"""

from __future__ import annotations

from batch_implement.execution.in_session.plain_call import is_plain_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Allow a plain call of the batch's own steps; everything else is the user's to decide, and the status
    says that they are waited for."""
    command = (event.get("tool_input") or {}).get("command")
    if event.get("tool_name") != "Bash" or not isinstance(command, str) or not is_plain_call(command.strip()):
        _note(home, session, event)
        return None
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}


def _note(home: str, session: Session, event: Mapping[str, Any]) -> None:
    from batch_implement.oversight.seen import ask  # noqa: PLC0415 -- seldom
    from batch_implement.state.home import state_file  # noqa: PLC0415 -- the same
    from batch_implement.state.state_file import StateFile  # noqa: PLC0415 -- the same

    state = StateFile(state_file(home))
    if session.attended and state.exists():
        state.update(lambda batch: ask(batch, session, event))
