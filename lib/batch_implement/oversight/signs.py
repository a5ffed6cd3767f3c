"""What the session that owns a batch waits for without a step of the batch: an answer, or any word at all."""

from __future__ import annotations

import os

from batch_implement.oversight.ownership import owner_is_alive
from batch_implement.state.home import BATCHES
from batch_implement.system.files import quick_json
from batch_implement.system.files.folder import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.model.batch import Batch

_NAME = "asked.json"
_LIMIT = 4096
_LONGEST = 200
# What was written this long after the question is not of the call that asked.
_SAME_MOMENT = 1.0
_TAIL = 16 * 1024
_INTERRUPTED = b"[Request interrupted by user"


class Sign:
    """``asked`` is the tool that a permission prompt is open for, ``what`` what it is to do; or the turn
    was interrupted."""

    __slots__ = ("asked", "what")

    def __init__(self, asked: str = "", what: str = "") -> None:
        self.asked = asked
        self.what = what


def note_question(home: str | os.PathLike[str], event: Mapping[str, Any]) -> None:
    """Write down that the client asks a person now, with the transcript that is silent until they answer."""
    called = event.get("tool_input")
    inputs = called.values() if isinstance(called, dict) else ()
    what = next((" ".join(value.split()) for value in inputs if isinstance(value, str)), "")
    note = {
        "tool": str(event.get("tool_name"))[:_LONGEST],
        "what": what[:_LONGEST],
        "transcript": _transcript(event),
    }
    with Folder.open(home, *BATCHES, create=True) as folder:
        folder.write(_NAME, quick_json.dumps(note).encode())


def sign_of(home: str | os.PathLike[str], batch: Batch) -> Sign | None:
    """What keeps a batch that is going on from going on, as far as the owner's client lets it be seen."""
    if not batch.is_going or batch.owner is None or not owner_is_alive(batch):
        return None
    return _open_question(home) or (Sign() if _is_interrupted(batch.owner.session_id) else None)


def was_interrupted(transcript: str) -> bool:
    """Whether the last thing said in a conversation is that the person has interrupted it."""
    try:
        with open(transcript, "rb") as file:  # noqa: PTH123 -- without pathlib, which a hook has no time for
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            lines = file.read().splitlines()
    except OSError:
        return False
    said = [line for line in lines if b'"type":"user"' in line or b'"type":"assistant"' in line]
    return bool(said) and _INTERRUPTED in said[-1]


def _transcript(event: Mapping[str, Any]) -> str:
    """Of the agent that asks, or of the main conversation."""
    path = str(event.get("transcript_path") or "")
    agent = str(event.get("agent_id") or "")
    return f"{path.removesuffix('.jsonl')}/subagents/agent-{agent}.jsonl" if agent else path


def _open_question(home: str | os.PathLike[str]) -> Sign | None:
    try:
        with Folder.open(home, *BATCHES) as folder:
            note = quick_json.loads(folder.read(_NAME, _LIMIT).decode())
        asked_at = os.stat(os.path.join(home, *BATCHES, _NAME)).st_mtime  # noqa: PTH116, PTH118 -- as above
        written_at = os.stat(str(note["transcript"])).st_mtime  # noqa: PTH116 -- as above
        is_open = written_at <= asked_at + _SAME_MOMENT
        return Sign(str(note["tool"]), str(note["what"])) if is_open else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_interrupted(session_id: str) -> bool:
    import glob  # noqa: PLC0415 -- for who asks where the batch is

    config = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.expanduser("~/.claude")  # noqa: PTH111 -- as above
    found = glob.glob(f"{glob.escape(config)}/projects/*/{glob.escape(session_id)}.jsonl")  # noqa: PTH207 -- as above
    return any(map(was_interrupted, found))
