"""The record that Claude Code keeps of a conversation, as far as it tells whether somebody is waited for."""

from __future__ import annotations

import os

_TAIL = 256 * 1024
# In what is quoted within the record, the quotation marks have a backslash before them.
_INTERRUPTED = b'"text":"[Request interrupted by user'
_ANSWERED = b'"role":"assistant"'


def conversation_of(session_id: str) -> str:
    """The path of a session's record; ``""`` where there is none."""
    name = f"{session_id}.jsonl"
    folder = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.expanduser("~/.claude")
    try:
        with os.scandir(os.path.join(folder, "projects")) as projects:
            paths = (os.path.join(project.path, name) for project in projects)
            return "" if os.sep in name else next(filter(os.path.exists, paths), "")
    except OSError:
        return ""


def written_at(path: str) -> float:
    """When something was added, in seconds since 1970; 0 where there is no record."""
    try:
        return os.stat(path).st_mtime
    except (OSError, ValueError):
        return 0.0


def is_interrupted(path: str) -> bool:
    """Whether a person has pressed Esc, and Claude has said nothing since."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            tail = file.read(_TAIL)
    except (OSError, ValueError):
        return False
    at = tail.rfind(_INTERRUPTED)
    return at >= 0 and tail.find(_ANSWERED, at) < 0
