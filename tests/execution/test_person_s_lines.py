"""What the hooks say to the person, and of it nothing to Claude."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.oversight.session import Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

OURS = "batch-implement:feature-implementer"
INTERRUPTED = '{"type":"user","message":{"content":[{"text":"[Request interrupted by user]"}]}}\n'
SAID = '{"type":"assistant","message":{"content":[{"text":"ok"}]}}\n{"type":"permission-mode"}\n'


def _tells(plugin: Plugin, batch: Batch, hook: str, session_id: str = "owner", **event: Any) -> Answer:
    told = {"session_id": session_id, **event}
    answer = plugin.hook(hook, batch.root, told, CLAUDE_PID=str(os.getpid()), CLAUDE_CODE_SESSION_ID="owner")
    assert (answer.status, answer.stderr) == (0, "")
    return answer


def _begin(batch: Batch) -> None:
    batch.begin(session=Session("owner", identity(os.getpid()), attended=True))


CALL = {"subagent_type": OURS, "description": "Work", "prompt": "Feature 1"}


class TestAnAgentThatIsStarted:
    def test_it_carries_number_and_title_of_its_feature(self, batch: Batch, plugin: Plugin) -> None:
        _begin(batch)
        answer = _tells(plugin, batch, "pre-tool-use", tool_name="Agent", tool_input=CALL).json
        assert answer["hookSpecificOutput"] == {
            "hookEventName": "PreToolUse",
            "updatedInput": {**CALL, "description": "1/3 Greet the user"},
        }

    def test_the_one_that_reviews_says_so(self, batch: Batch, plugin: Plugin) -> None:
        _begin(batch)
        call = {"subagent_type": "batch-implement:feature-reviewer", "prompt": "Feature 1"}
        answer = _tells(plugin, batch, "pre-tool-use", tool_name="Agent", tool_input=call).json
        assert answer["hookSpecificOutput"]["updatedInput"]["description"] == "Review 1/3 Greet the user"

    def test_where_nobody_is_there_it_is_waited_for(self, batch: Batch, plugin: Plugin) -> None:
        batch.begin()
        event = {"session_id": "owner", "tool_name": "Agent", "tool_input": CALL}
        answer = plugin.hook(
            "pre-tool-use",
            batch.root,
            event,
            CLAUDE_CODE_SESSION_ID="owner",
            CLAUDE_CODE_SESSION_ATTENDED="0",
        )
        assert answer.json["hookSpecificOutput"]["updatedInput"]["run_in_background"] is False

    @pytest.mark.parametrize("call", [{"subagent_type": "Explore", "prompt": "x"}, {}, None, "text"])
    def test_somebody_else_s_is_left_alone(self, batch: Batch, plugin: Plugin, call: object) -> None:
        _begin(batch)
        assert _tells(plugin, batch, "pre-tool-use", tool_name="Agent", tool_input=call).stdout == ""


class TestAStepThatWasCalled:
    def test_a_feature_that_is_done_is_a_line(self, batch: Batch, plugin: Plugin) -> None:
        _begin(batch)
        batch.work(1)
        batch.done(1)
        call = {"command": "batch-implement done 1 --message 'feat: greet'"}
        answer = _tells(plugin, batch, "post-tool-use", tool_name="Bash", tool_input=call).json
        assert answer.keys() == {"systemMessage"}
        assert answer["systemMessage"].startswith("✓ 1/3 Greet the user · ")

    @pytest.mark.parametrize(
        "call",
        [
            *(
                {"command": "batch-implement next"},
                {"command": "batch-implement done"},
                {"command": "ls"},
                {},
            ),
            {"command": "batch-implement done 1"},  # which was refused: nothing has become of it
            *({"command": "batch-implement done 77"}, {"command": 7}, None),
        ],
    )
    def test_where_nothing_has_become_of_a_feature_nothing_is_said(
        self, batch: Batch, plugin: Plugin, call: object
    ) -> None:
        _begin(batch)
        assert _tells(plugin, batch, "post-tool-use", tool_name="Bash", tool_input=call).stdout == ""


class TestAWordAfterAnInterruption:
    @pytest.mark.parametrize(
        ("said", "prompt", "is_told"),
        [
            (INTERRUPTED, "what happened?", True),
            (SAID + INTERRUPTED, "go on", True),
            (INTERRUPTED + SAID, "go on", False),
            (INTERRUPTED, "<task-notification>…", False),
            ("", "go on", False),
        ],
    )
    def test_it_is_told_where_the_batch_stands(
        self, batch: Batch, plugin: Plugin, tmp_path: Path, said: str, prompt: str, is_told: bool
    ) -> None:
        _begin(batch)
        (tmp_path / "t.jsonl").write_text(said)
        event = {"transcript_path": str(tmp_path / "t.jsonl"), "prompt": prompt}
        answer = _tells(plugin, batch, "user-prompt-submit", **event)
        told = answer.json["systemMessage"] if answer.stdout else ""
        assert ("interrupted at 1. Greet the user (0 of 3 done). It goes on" in told) == is_told

    def test_the_status_says_so_until_something_is_said(
        self, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path))
        record = tmp_path / "projects/-project/owner.jsonl"
        record.parent.mkdir(parents=True)
        record.write_text(INTERRUPTED)
        _begin(batch)
        assert "Interrupted by Esc; what was changed is still there" in batch.call("status").text
        record.write_text(INTERRUPTED + SAID)
        assert "Interrupted" not in batch.call("status").text


class TestAPermissionPrompt:
    @pytest.mark.parametrize("agent", ["", "a1"])
    def test_the_status_says_what_is_asked_until_it_is_answered(
        self, batch: Batch, plugin: Plugin, tmp_path: Path, agent: str
    ) -> None:
        _begin(batch)
        main, own = tmp_path / "t.jsonl", tmp_path / "t/subagents/agent-a1.jsonl"
        own.parent.mkdir(parents=True)
        for path in (main, own):
            path.write_text("{}\n")
        event = {"transcript_path": str(main), "agent_id": agent, "tool_name": "Bash"}
        _tells(plugin, batch, "permission-request", tool_input={"command": "git push"}, **event)
        assert (
            "Waiting for you: Claude asks in its session whether it may use Bash (git push)"
            in batch.call("status").text
        )
        other, asking = (main, own) if agent else (own, main)
        later = time.time() + 60
        os.utime(other, (later, later))
        assert "Waiting for you: Claude asks" in batch.call("status").text
        os.utime(asking, (later, later))
        assert "Waiting for you: Claude asks" not in batch.call("status").text

    def test_one_that_our_own_command_would_meet_is_answered_and_not_noted(
        self, batch: Batch, plugin: Plugin
    ) -> None:
        _begin(batch)
        call = {"command": "batch-implement next"}
        assert (
            "allow" in _tells(plugin, batch, "permission-request", tool_name="Bash", tool_input=call).stdout
        )
        assert not (batch.root / ".claude/batches/asked.json").exists()


def test_a_new_session_is_told_of_an_unfinished_batch_in_a_line(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    answer = _tells(plugin, batch, "session-start", "stranger", source="startup").json
    assert answer["systemMessage"] == (
        "There is an unfinished batch in this project (0 of 3 done). "
        "To go on with it: /batch-implement --resume; to see it: /batch-status"
    )
