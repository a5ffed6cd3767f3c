"""The entry of every hook: reads Claude Code's event, prints the answer, and never fails the session.

It runs in every session of a project with a batch, and starting it is most of its cost. So nothing is
imported here, nor in the modules that answer an event, that is not needed every time; ``typing``,
``pathlib``, ``json`` and ``re`` cost half a start of Python each.
"""

from __future__ import annotations

import os
import sys

from batch_implement.errors import UsageError
from batch_implement.oversight.session import Session
from batch_implement.system.files import quick_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Event = Mapping[str, Any]
    Answer = dict[str, Any]

_EVENTS = frozenset(
    {
        *("session-start", "stop", "stop-failure", "subagent-start", "subagent-stop"),
        *("permission-request", "pre-tool-use", "post-tool-use", "user-prompt-submit"),
    }
)
_INPUT_LIMIT = 4 * 1024 * 1024


def main(arguments: list[str]) -> int:
    """Answer the event named by the second argument with one JSON object or nothing.

    0, except for the one status by which a session is woken.
    """
    name = arguments[1] if len(arguments) > 1 else ""
    root = arguments[2] if len(arguments) > 2 else os.getcwd()  # noqa: PTH109 -- without pathlib, see above
    try:
        event = _read_event()
        if name == "wake-when-due":
            from batch_implement.execution.in_session.wake_when_due import wake_when_due  # noqa: PLC0415 -- as below

            return wake_when_due(root, _session(event), event)
        answer = _answer(name, root, event)
        if answer:
            print(quick_json.dumps(answer))  # noqa: T201 -- how a hook answers
    except Exception as error:  # noqa: BLE001 -- a failure of ours never breaks the user's session
        from batch_implement.execution.in_session.hook_log import log_failure  # noqa: PLC0415 -- after a failure

        log_failure(root, name, error)
    return 0


def _answer(name: str, root: str, event: Event) -> Answer | None:
    if name not in _EVENTS:
        raise UsageError(f"{name[:60]!r} is not a hook of this plugin.")
    # Each event has a module of its own name, so that one does not pay for another's imports.
    module_name = f"batch_implement.execution.in_session.{name.replace('-', '_')}"
    __import__(module_name)
    answer: Answer | None = sys.modules[module_name].answer(root, _session(event), event)
    return answer


def _session(event: Event) -> Session:
    session = Session.of_environment(os.environ)
    return session.with_id(str(event.get("session_id") or session.session_id))


def _read_event() -> Event:
    """What Claude Code sent; empty for anything that is not a JSON object."""
    try:
        event = quick_json.loads(sys.stdin.buffer.read(_INPUT_LIMIT).decode() or "{}")
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
