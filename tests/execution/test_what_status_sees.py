"""What ``/batch-status`` says of a session that works, waits for a person, was interrupted, or is gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.oversight.session import Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Plugin

pytestmark = pytest.mark.slow
HERE = str(os.getpid())


@pytest.fixture
def transcript(batch: Batch, tmp_path: Path, plugin: Plugin) -> Path:
    """That of the session which works on a batch; the test's own process is its client."""
    batch.begin(session=Session("owner", identity(os.getpid()), attended=True))
    return _transcript(tmp_path)


def _transcript(tmp_path: Path) -> Path:
    path = tmp_path / "claude/projects/-project/owner.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text('{"type":"user","message":{"role":"user","content":"go"}}\n')
    return path


def _status(plugin: Plugin, batch: Batch, transcript: Path, typed: str = "", **variables: str) -> str:
    event = {
        "hook_event_name": "UserPromptExpansion",
        "session_id": "owner",
        "command_name": "batch-implement:batch-status",
        "command_args": typed,
    }
    config = str(transcript.parents[2])
    environment = {"CLAUDE_PID": HERE, "CLAUDE_CONFIG_DIR": config, **variables}
    text: str = plugin.hook("user-prompt-expansion", batch.root, event, **environment).json["stopReason"]
    return text


def _ask(plugin: Plugin, batch: Batch, transcript: Path, **event: Any) -> None:
    asked = {
        "hook_event_name": "PermissionRequest",
        "session_id": "owner",
        "tool_name": "Bash",
        "tool_input": {"command": "make install"},
        "transcript_path": str(transcript),
        **event,
    }
    answer = plugin.hook("permission-request", batch.root, asked, CLAUDE_PID=HERE)
    assert (answer.status, answer.stdout, answer.stderr) == (0, "", "")


def test_a_batch_at_work_is_at_work(plugin: Plugin, batch: Batch, transcript: Path) -> None:
    text = _status(plugin, batch, transcript)
    assert ": at work, 0 of 3 done." in text
    assert "  ▶ 1. Greet the user · " in text


def test_a_permission_prompt_is_waited_for_until_its_answer(
    plugin: Plugin, batch: Batch, transcript: Path
) -> None:
    _ask(plugin, batch, transcript)
    text = _status(plugin, batch, transcript)
    assert ": waiting for you, 0 of 3 done." in text
    assert "  ⏸ 1. Greet the user · " in text
    assert text.endswith("Claude asks in its session whether it may use Bash (make install).")
    later = transcript.stat().st_mtime + 60
    os.utime(transcript, (later, later))
    assert ": at work, 0 of 3 done." in _status(plugin, batch, transcript)


def test_after_esc_it_stands_still_and_says_how_to_go_on(
    plugin: Plugin, batch: Batch, transcript: Path
) -> None:
    with transcript.open("a") as file:
        file.write('{"type":"user","message":{"content":[{"text":"[Request interrupted by user]"}]}}\n')
    text = _status(plugin, batch, transcript)
    assert ": standing still, 0 of 3 done." in text
    assert text.endswith("what was changed is still there. To go on: /batch-implement --resume")


def test_when_its_client_is_gone_no_session_works_on_it(plugin: Plugin, batch: Batch, tmp_path: Path) -> None:
    batch.begin(session=Session("owner", "999999999 1 gone", attended=True))
    text = _status(plugin, batch, _transcript(tmp_path))
    assert text.endswith("No session works on it. To go on: /batch-implement --resume")


@pytest.mark.parametrize("typed", ["--json", "--report", "--history", "--all", "--help"])
def test_every_form_of_it_is_answered_without_the_model(
    plugin: Plugin, batch: Batch, transcript: Path, typed: str
) -> None:
    beginnings = {
        "--json": "{\n",
        "--report": f"# Batch {batch.state.batch_id}",
        "--all": batch.state.batch_id,
        "--help": "usage: /batch-status",
    }
    text = _status(plugin, batch, transcript, typed)
    assert text.startswith(beginnings.get(typed, ""))
    assert typed != "--history" or text.endswith("1. begun (attempt: 1)")
