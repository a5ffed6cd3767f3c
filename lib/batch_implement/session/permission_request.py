"""Claude is about to ask the user: our own command, said plainly, needs no answer.

What a slash command allows holds for its own turn only; a turn that a monitor or a subagent's end begins
would ask about ``batch-implement done`` in the middle of the night.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.lifecycle.ownership import Session

_STEPS = frozenset({"next", "done", "fail", "status", "consent"})
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=.,:/#@%+- ")
# What a shell would act on within double quotes; nothing is special within single ones.
_EXPANDED = frozenset('$`\\"')


def answer(_root: Path, _session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Allow a plain call of the batch's own steps; everything else is the user's to decide."""
    command = (event.get("tool_input") or {}).get("command")
    if event.get("tool_name") != "Bash" or not isinstance(command, str):
        return None
    if not is_plain_call(command.strip()):
        return None
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}


def is_plain_call(command: str) -> bool:
    """One call of a step, with nothing of a shell in it: no operator, expansion, redirection, second line."""
    words = command.split(" ", 2)
    if words[:1] != ["batch-implement"] or len(words) < 2 or words[1] not in _STEPS or "\n" in command:
        return False
    quote = ""
    for letter in command:
        if quote:
            if letter == quote:
                quote = ""
            elif quote == '"' and letter in _EXPANDED:
                return False
        elif letter in "'\"":
            quote = letter
        elif letter not in _BARE:
            return False
    return not quote
