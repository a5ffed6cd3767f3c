"""Claude is about to ask the user: our own command, said plainly, needs no answer.

What a slash command allows holds for its own turn only; a turn that a monitor or a subagent's end begins
would ask about ``batch-implement done`` in the middle of the night.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.lifecycle.ownership import Session

# One call, with nothing of a shell in it: no operator, no expansion, no redirection, no second line.
_PLAIN = re.compile(
    r"batch-implement (?:next|done|fail|status|consent)"
    r"(?: (?:[A-Za-z0-9_=.,:/#@%+-]+|'[^'\n]*'|\"[^\"$`\\\n]*\"))*"
)


def answer(_root: Path, _session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Allow a plain call of the batch's own steps; everything else is the user's to decide."""
    command = (event.get("tool_input") or {}).get("command")
    if event.get("tool_name") != "Bash" or not isinstance(command, str):
        return None
    if not _PLAIN.fullmatch(command.strip()):
        return None
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}
