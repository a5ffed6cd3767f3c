"""A client that does not tell its commands which session they are of gets it told by our first hook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Plugin

ID = "3e4f2781-b059-483a-b6a4-b14d47562495"


def _begins(plugin: Plugin, root: Path, file: Path, session_id: str = ID, **variables: str) -> str:
    event = {"hook_event_name": "SessionStart", "session_id": session_id, "source": "startup"}
    answer = plugin.hook("session-start", root, event, CLAUDE_ENV_FILE=str(file), **variables)
    assert (answer.status, answer.stderr) == (0, "")
    return answer.stdout


def test_its_commands_are_given_the_session(plugin: Plugin, tmp_path: Path) -> None:
    file = tmp_path / "env.sh"
    assert _begins(plugin, tmp_path, file) == ""
    assert file.read_text() == f"export CLAUDE_CODE_SESSION_ID={ID}\n"


def test_the_hook_still_has_the_event(batch: Batch, plugin: Plugin, tmp_path: Path) -> None:
    batch.begin()
    told = json.loads(_begins(plugin, batch.root, tmp_path / "env.sh", "0a-1"))
    assert "it is not this session's task" in told["hookSpecificOutput"]["additionalContext"]


def test_a_client_that_tells_them_is_left_alone(plugin: Plugin, tmp_path: Path) -> None:
    _begins(plugin, tmp_path, tmp_path / "env.sh", CLAUDE_CODE_SESSION_ID=ID)
    assert not (tmp_path / "env.sh").exists()


@pytest.mark.parametrize("session_id", ["", "a; touch canary", "$(touch canary)"])
def test_what_is_no_session_id_is_not_passed_on(plugin: Plugin, tmp_path: Path, session_id: str) -> None:
    _begins(plugin, tmp_path, tmp_path / "env.sh", session_id)
    assert not (tmp_path / "env.sh").exists()
