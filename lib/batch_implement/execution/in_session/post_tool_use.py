"""A step of the batch was called: the person is told, in a line, what has become of the feature."""

from __future__ import annotations

from batch_implement.oversight.ownership import is_owner
from batch_implement.state.home import state_file
from batch_implement.state.state_file import StateFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from batch_implement.oversight.session import Session

_STEPS = ("done", "fail")


def answer(home: str, session: Session, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """For the screen only: Claude has the step's own answer."""
    called = event.get("tool_input")
    command = called.get("command") if isinstance(called, dict) else None
    number = _number(command) if isinstance(command, str) else 0
    batch = StateFile(state_file(home)).find() if number else None
    if batch is None or not is_owner(batch, session):
        return None
    from batch_implement.presentation.feature_line import lines_after  # noqa: PLC0415 -- not for strangers

    said = lines_after(batch, number - 1)
    return {"systemMessage": said} if said else None


def _number(command: str) -> int:
    """The number of the feature that was said to be done or to have failed, from 1; 0 for another command."""
    for step in _STEPS:
        _, found, after = command.partition(f"batch-implement {step} ")
        number = after.strip().partition(" ")[0]
        if found and number.isascii() and number.isdigit():
            return int(number)
    return 0
