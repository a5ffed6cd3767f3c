"""A turn that the API has ended: the batch waits where that helps, and says what to do where it does not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugin import ROOT

from batch_implement.execution.in_session.outage import judge
from batch_implement.model.transition import Transition
from batch_implement.oversight.waits import awaits_judgement, first_wait, with_wait
from batch_implement.recovery.api_errors import FOR_A_PERSON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

    from batch_implement.model.batch import Batch as State

pytestmark = pytest.mark.slow

FULL = (
    "Autocompact is thrashing: the context refilled to the limit within 3 turns of the previous compact",
    "Prompt is too long · automatic compaction failed: the summary was refused",
    "Conversation too long. Press esc twice to go up a few messages and try again.",
    "API Error: 400 input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000",
    "API Error: The model has reached its context window limit.",
)


def _fails(
    plugin: Plugin, batch: Batch, error: str, message: str, session_id: str = "owner", attended: str = "1"
) -> Answer:
    event = {
        "hook_event_name": "StopFailure",
        "session_id": session_id,
        "error": error,
        "last_assistant_message": message,
    }
    answer = plugin.hook(
        "stop-failure",
        batch.root,
        event,
        CLAUDE_CODE_SESSION_ID=session_id,
        CLAUDE_CODE_SESSION_ATTENDED=attended,
    )
    assert (answer.status, answer.stderr) == (0, "")
    return answer


def _judged(batch: Batch) -> State:
    """What is done behind the hook's answer has been done."""
    deadline = time.monotonic() + 60
    while awaits_judgement(batch.state):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return batch.state


def _notes_what_it_is_told(batch: Batch) -> Path:
    """The user's command writes what it is told beside the project."""
    told = batch.root.parent / "told.json"
    batch.repository.write(".env", f"BATCH_NOTIFY_COMMAND=tee {told}\n")
    batch.repository.write(".git/info/exclude", ".env\n")
    return told


def _read(told: Path) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while not told.exists() or not told.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def test_a_hook_that_is_killed_once_the_batch_waits_has_left_the_rest_to_another_process(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin()
    event = {"session_id": "owner", "error": "rate_limit", "last_assistant_message": "API Error: 429"}
    variables = {"CLAUDE_PROJECT_DIR": str(batch.root), "CLAUDE_CODE_SESSION_ATTENDED": "0"}
    with subprocess.Popen(
        [str(ROOT / "hooks/stop-failure")],
        env=plugin.variables(variables),
        stdin=-1,
        cwd=batch.root,
        start_new_session=True,
    ) as hook:
        assert hook.stdin is not None
        hook.stdin.write(json.dumps(event).encode())
        hook.stdin.close()
        while not batch.state.waits:
            time.sleep(0.001)
        os.killpg(hook.pid, signal.SIGKILL)
    state = _judged(batch)
    assert [wait.is_judged for wait in state.waits] == [True]


@pytest.mark.parametrize("error", ["invalid_request", "unknown"])
@pytest.mark.parametrize("message", FULL)
def test_a_conversation_that_is_too_long_is_tried_again_twice(
    batch: Batch, plugin: Plugin, error: str, message: str
) -> None:
    batch.begin()
    for _ in range(2):
        _fails(plugin, batch, error, message)
        state = batch.state
        assert state.status == "in_progress"
        assert "could not be compacted" in state.waits[0].reason
    answer = _fails(plugin, batch, error, message)
    assert "paused" in answer.json["terminalSequence"]
    state = batch.state
    assert (state.status, state.waits, state.failed_features) == ("paused", (), ())
    assert state.pause is not None
    assert (state.pause.kind, state.pause.resumes_when) == ("context-full", "cleared")


def test_another_refused_request_pauses_at_once(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _fails(plugin, batch, "invalid_request", "API Error: 400 messages: roles must alternate")
    state = batch.state
    assert (state.status, state.waits) == ("paused", ())
    assert state.pause is not None
    assert (state.pause.kind, state.pause.about) == (
        "outage",
        "the API refused the request: it would fail again",
    )


def test_a_limit_is_waited_for(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _fails(plugin, batch, "rate_limit", "API Error: 429 slow down")
    state = _judged(batch)
    assert state.status == "in_progress"
    assert state.waits[0].seconds > 30


@pytest.mark.parametrize("attended", ["1", "0"])
def test_the_batch_waits_when_the_hook_has_answered_and_how_long_is_decided_behind_it(
    batch: Batch, plugin: Plugin, attended: str
) -> None:
    told = _notes_what_it_is_told(batch)
    batch.begin()
    assert _fails(plugin, batch, "server_error", "API Error: 500 boom", attended=attended).stdout == ""
    assert len(batch.state.waits) == 1
    assert _judged(batch).waits[0].reason == "the API failed"
    assert _read(told)["event"] == "waiting"
    assert batch.events[-2:] == ["waiting", "judged"]


@pytest.mark.parametrize("error", FOR_A_PERSON)
def test_what_only_a_person_mends_pauses_at_once_and_reaches_the_terminal(
    batch: Batch, plugin: Plugin, error: str
) -> None:
    told = _notes_what_it_is_told(batch)
    batch.begin()
    answer = _fails(plugin, batch, error, "API Error: 403 no")
    state = batch.state
    assert (state.status, state.waits) == ("paused", ())
    assert state.pause is not None
    assert (state.pause.kind, state.pause.resumes_when) == ("outage", "mended")
    assert "paused: 0 of 3 done" in answer.json["terminalSequence"]
    message = _read(told)
    assert (message["event"], FOR_A_PERSON[error] in message["reason"]) == ("paused", True)


def test_a_limit_whose_words_ask_for_a_person_pauses_and_reaches_the_terminal(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin()
    answer = _fails(plugin, batch, "rate_limit", "You're out of extra usage. Ask your admin for more")
    assert batch.state.status == "paused"
    assert "paused" in answer.json["terminalSequence"]


def test_what_is_decided_after_the_batch_was_resumed_changes_nothing(batch: Batch) -> None:
    batch.begin()
    batch.project.state.update(lambda current: Transition("waiting", with_wait(current, first_wait())))
    batch.call("resume")
    assert judge(str(batch.root), batch.session, "invalid_request", "roles must alternate") is None
    assert (batch.state.status, batch.state.waits) == ("in_progress", ())


def test_a_stranger_s_failure_changes_nothing(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    before = batch.state_bytes
    _fails(plugin, batch, "authentication_failed", "Please run /login", session_id="stranger")
    assert batch.state_bytes == before
