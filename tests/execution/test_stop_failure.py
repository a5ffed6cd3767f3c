"""A turn that the API has ended: the batch waits where that helps, and says what to do where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

FULL = (
    "Autocompact is thrashing: the context refilled to the limit within 3 turns of the previous compact",
    "Prompt is too long · automatic compaction failed: the summary was refused",
    "Conversation too long. Press esc twice to go up a few messages and try again.",
    "API Error: 400 input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000",
    "API Error: The model has reached its context window limit.",
)


def _fails(plugin: Plugin, batch: Batch, error: str, message: str, session_id: str = "owner") -> Answer:
    event = {
        "hook_event_name": "StopFailure",
        "session_id": session_id,
        "error": error,
        "last_assistant_message": message,
    }
    # A headless client's hook goes on in the background: nobody would wait for it.
    answer = plugin.hook(
        "stop-failure",
        batch.root,
        event,
        CLAUDE_CODE_SESSION_ID=session_id,
        CLAUDE_CODE_SESSION_ATTENDED="1",
    )
    assert (answer.status, answer.stderr) == (0, "")
    return answer


@pytest.mark.parametrize("error", ["invalid_request", "unknown"])
@pytest.mark.parametrize("message", FULL)
def test_a_conversation_that_is_too_long_is_tried_again_twice(
    batch: Batch, plugin: Plugin, error: str, message: str
) -> None:
    batch.begin()
    for _ in range(2):
        _fails(plugin, batch, error, message)
        assert batch.fields["status"] == "in_progress"
        assert "could not be compacted" in batch.fields["wake"]["reason"]
    _fails(plugin, batch, error, message)
    assert batch.fields["status"] == "paused"
    reason = batch.fields["pause"]["reason"]
    assert "the conversation is too long and could not be compacted" in reason
    assert reason.endswith("type /clear first.")
    assert batch.fields["failed_features"] == []


def test_another_refused_request_pauses_at_once(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _fails(plugin, batch, "invalid_request", "API Error: 400 messages: roles must alternate")
    assert batch.fields["status"] == "paused"
    assert batch.fields["pause"]["reason"] == "the API refused the request: it would fail again."


def test_a_limit_is_waited_for(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _fails(plugin, batch, "rate_limit", "API Error: 429 slow down")
    assert batch.fields["status"] == "in_progress"
    assert batch.fields["wake"]["seconds"] > 0


def test_a_stranger_s_failure_changes_nothing(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    before = batch.state_bytes
    _fails(plugin, batch, "authentication_failed", "Please run /login", session_id="stranger")
    assert batch.state_bytes == before
