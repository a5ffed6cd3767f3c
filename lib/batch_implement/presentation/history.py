"""What happened to a batch, a line each, from its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.system.clock import local_time
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping

_WORDS = {
    "created": "the batch began",
    "baseline": "the check was run before the first feature",
    "attempt": "begun",
    "agent": "an agent began",
    "agent_ended": "its agent ended",
    "agent_cut_off": "its agent was cut off",
    "check_failed": "its check failed",
    "proven": "proven",
    "completed": "done",
    "retry": "to be tried again",
    "ended": "the batch ended",
    "cancelled": "the batch was stopped",
    "adopted": "a session took it up",
    "asked": "Claude asked for permission",
    "woken": "the wait was over",
}
_KNOWN = frozenset({"sequence", "at", "event", "changes", "feature", "evidence", "session", "patch"})
_LONGEST = 300


def history_line(record: JsonMapping) -> str:
    """One record: when, which feature, what, and what is known of it; numbers of features are from 1."""
    event = str(record["event"])
    number = f"{record['feature']}. " if "feature" in record else ""
    about = ", ".join(
        f"{name.replace('_', ' ')}: {value}" for name, value in record.items() if _is_told(name, value)
    )
    said = f"{local_time(str(record['at']))}  {number}{_WORDS.get(event, event.replace('_', ' '))}"
    return shorten(" ".join(f"{said} ({about})".split("\n")) if about else said, _LONGEST)


def _is_told(name: str, value: object) -> bool:
    return name not in _KNOWN and value not in ("", None, [])
