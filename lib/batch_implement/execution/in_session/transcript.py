"""What was typed last into a session, as its client has written it down.

For a client that tells no hook of typed commands: there the command's own text has Claude carry it out.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The first version that tells of a typed command.
_TELLS = (2, 1, 114)
_NAME = re.compile(r"<command-name>/?([^<]{1,200})</command-name>")
_ARGUMENTS = re.compile(r"<command-args>(.*)</command-args>", re.DOTALL)
_ID = re.compile(r"[0-9a-f-]{8,64}")


@dataclass(frozen=True)
class TypedCommand:
    """``name`` is the slash command's, without its plugin's."""

    name: str
    arguments: str


def typed_last(session_id: str, home: Path | None = None) -> TypedCommand | None:
    """None where that was no command, or where a hook is told of commands."""
    if not _ID.fullmatch(session_id):
        return None
    config = Path(os.environ.get("CLAUDE_CONFIG_DIR") or (home or Path.home()) / ".claude")
    records = config.glob(f"projects/*/{session_id}.jsonl")
    version, text = next((typed[-1] for typed in map(list, map(_typed, records)) if typed), ("", ""))
    if _version(version) >= _TELLS:
        return None
    name, arguments = _NAME.search(text), _ARGUMENTS.search(text)
    if name is None:
        return None
    return TypedCommand(name[1].rpartition(":")[2], arguments[1] if arguments is not None else "")


def _typed(path: Path) -> Iterator[tuple[str, str]]:
    """The client's version and the text of what a person has typed, in order."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if not isinstance(record, dict) or record.get("type") != "user":
                continue
            content = (record.get("message") or {}).get("content")
            if isinstance(content, str) and not record.get("isMeta") and not record.get("isSidechain"):
                yield str(record.get("version", "")), content


def _version(text: str) -> tuple[int, ...]:
    """Unknown counts as new."""
    parts = text.split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else _TELLS
