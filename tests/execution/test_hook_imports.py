"""A hook is started in every session of a project with a batch, so it loads little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import batch_implement

_LIB = str(Path(batch_implement.__file__).parents[1])
_EVENTS = (
    "session_start",
    "stop",
    "stop_failure",
    "subagent_start",
    "subagent_stop",
    "permission_request",
    "pre_tool_use",
    "post_tool_use",
    "user_prompt_submit",
    "wake_when_due",
    "batch_status",
    "turn_end",
    "api_failure",
    "behind",
)
# Each of these takes a fifth of the time of starting Python or more; most take half of it.
_HEAVY = {
    "argparse",
    "collections",
    "dataclasses",
    "datetime",
    "functools",
    "json",
    "pathlib",
    "re",
    "typing",
}


@pytest.mark.parametrize("event", _EVENTS)
def test_a_hook_imports_nothing_that_takes_as_long_as_starting_python(event: str) -> None:
    code = (
        f"import sys; sys.path.insert(0, {_LIB!r})\n"
        f"import batch_implement.execution.in_session.hook, batch_implement.execution.in_session.{event}\n"
        f"print(*sorted({_HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
