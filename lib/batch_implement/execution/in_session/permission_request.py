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


def answer(_root: str, _session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Allow a plain call of the batch's own steps; everything else is the user's to decide."""
    command = (event.get("tool_input") or {}).get("command")
    if event.get("tool_name") != "Bash" or not isinstance(command, str):
        return None
    if not is_plain_call(command.strip()):
        return None
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}
