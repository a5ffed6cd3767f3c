"""A turn of the session that owns the batch does not end while work is left, and no other is held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.oversight.stalls import MAX_BLOCKS, MAX_STALLED_FEATURES

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

SUBAGENT = {"id": "a1", "type": "subagent", "status": "running", "description": "Feature 1"}
OWN_COMMAND = {"id": "b1", "type": "shell", "command": "batch-implement done 1 --message 'feat: x'"}
SERVER = {"id": "b2", "type": "shell", "command": "npm run dev"}
MONITOR = {"id": "m1", "type": "monitor", "command": "batch-implement wake-up"}


def _stops(plugin: Plugin, batch: Batch, session_id: str = "owner", **event: Any) -> Answer:
    told = {
        "hook_event_name": "Stop",
        "session_id": session_id,
        "stop_hook_active": False,
        "last_assistant_message": "Would you like me to continue?",
        "background_tasks": [],
        **event,
    }
    answer = plugin.hook("stop", batch.root, told)
    assert (answer.status, answer.stderr) == (0, "")
    return answer


def test_the_owner_is_sent_on_in_words_that_the_person_may_read_too(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    answer = _stops(plugin, batch)
    assert answer.json["hookSpecificOutput"]["hookEventName"] == "Stop"
    assert answer.context == ("[batch-implement] The batch goes on (0 of 3 done). Run: batch-implement next")


@pytest.mark.parametrize("told", ["unset", "claude-code/2.1.126/harness", "claude-code_2-1-162_harness"])
def test_an_older_client_is_sent_on_by_the_block_that_it_knows(
    batch: Batch, plugin: Plugin, told: str
) -> None:
    batch.begin()
    answer = plugin.hook("stop", batch.root, {"session_id": "owner"}, AI_AGENT=told)
    assert answer.json["decision"] == "block"
    assert "The batch goes on (0 of 3 done)" in answer.json["reason"]


def test_a_stranger_is_not_held_back(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    before = batch.state_bytes
    assert _stops(plugin, batch, "stranger").stdout == ""
    assert batch.state_bytes == before


@pytest.mark.parametrize("tasks", [[SUBAGENT], [OWN_COMMAND], [SERVER, SUBAGENT], [MONITOR, OWN_COMMAND]])
def test_while_something_runs_that_wakes_the_session_the_turn_may_end(
    batch: Batch, plugin: Plugin, tasks: list[dict[str, str]]
) -> None:
    batch.begin()
    before = batch.state_bytes
    assert _stops(plugin, batch, background_tasks=tasks).stdout == ""
    assert batch.state_bytes == before


@pytest.mark.parametrize("tasks", [[], [MONITOR], [SERVER], [SERVER, MONITOR]])
def test_a_server_or_a_monitor_is_no_reason_to_end_the_turn(
    batch: Batch, plugin: Plugin, tasks: list[dict[str, str]]
) -> None:
    batch.begin()
    context = _stops(plugin, batch, background_tasks=tasks).context
    assert "The batch goes on" in context
    assert ("runs in the background" in context) == bool(tasks)


def test_a_paused_batch_lets_the_turn_end(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.call("pause")
    assert _stops(plugin, batch).stdout == ""


def test_a_batch_that_was_ended_lets_the_turn_end(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.call("stop", "--yes")
    assert _stops(plugin, batch).stdout == ""


def test_when_all_is_done_the_turn_ends_and_the_batch_becomes_history(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    assert batch.call("done", "1").kind == "ended"
    answer = _stops(plugin, batch)
    assert "hookSpecificOutput" not in (answer.json if answer.stdout else {})
    assert not batch.project.state.exists()
    assert len(batch.past()) == 1


def test_blocks_are_counted_and_progress_starts_the_count_anew(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for expected in (1, 2):
        _stops(plugin, batch)
        assert batch.fields["stalls"]["blocks"] == expected
    batch.work(1)
    batch.done(1)
    _stops(plugin, batch)
    assert batch.fields["stalls"]["blocks"] == 1


def test_three_turns_without_anything_done_fail_the_feature_with_the_last_words(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin()
    batch.repository.write("half.py", "half\n")
    for _ in range(MAX_BLOCKS):
        assert "The batch goes on" in _stops(plugin, batch).context
    answer = _stops(plugin, batch, last_assistant_message="I can't\ngo on with this.")
    assert "The batch goes on (0 of 3 done, 1 failed)" in answer.context
    assert answer.json["systemMessage"].startswith("✗ 1/3 Greet the user · No progress")
    assert "next: 2" in answer.json["systemMessage"]
    [record] = batch.fields["failed_features"]
    assert record["error_message"] == (
        "No progress: 3 turns in a row ended without anything done. "
        "The last words were: I can't go on with this."
    )
    assert not (batch.root / "half.py").exists()
    assert batch.fields["evidence"]["0"]["kept_on"]


def test_a_feature_in_which_nothing_was_tried_is_not_tried_again(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for _ in range(MAX_BLOCKS + 1):
        event = {"session_id": "owner", "last_assistant_message": "x"}
        plugin.hook("stop", batch.root, event, BATCH_RETRY_ENABLED="true")
    assert len(batch.fields["failed_features"]) == 1


def test_features_that_come_to_nothing_one_after_the_other_pause_the_batch(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin(*(f"Write page {number}" for number in range(1, 7)))
    stops = 0
    while batch.fields["status"] == "in_progress":
        answer = _stops(plugin, batch, last_assistant_message="I am stuck")
        stops += 1
    assert stops <= (MAX_BLOCKS + 1) * MAX_STALLED_FEATURES
    assert "hookSpecificOutput" not in answer.json
    assert "⏸ paused: " in answer.json["systemMessage"]
    state = batch.state
    assert state.status == "paused"
    assert state.pause is not None
    assert (state.pause.kind in {"stalled", "no-progress"}, state.pause.about) == (True, "I am stuck")
    assert 1 <= len(state.failed_features) <= MAX_STALLED_FEATURES


def test_a_feature_that_was_finished_in_between_starts_that_count_anew(batch: Batch, plugin: Plugin) -> None:
    batch.begin(*(f"Write page {number}" for number in range(1, 7)))
    for number in range(1, 7, 2):
        while len(batch.fields["failed_features"]) <= number // 2:
            _stops(plugin, batch)
        if batch.fields["status"] == "in_progress" and number < 6:
            batch.work(number + 1)
            batch.done(number + 1)
    assert batch.fields["status"] == "completed"


def test_the_last_feature_that_stalls_ends_the_batch_with_its_report(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user")
    for _ in range(MAX_BLOCKS):
        _stops(plugin, batch)
    answer = _stops(plugin, batch).json
    assert "hookSpecificOutput" not in answer
    assert answer["systemMessage"].startswith("# Batch batch-")


def test_before_the_first_checks_have_run_the_way_on_is_to_ask_for_them(batch: Batch, plugin: Plugin) -> None:
    batch.repository.write(".git/slow")
    batch.begin(wait=0.0)
    context = _stops(plugin, batch).context
    assert "Run: batch-implement next" in context
    assert "batch-implement done" not in context
    (batch.root / ".git/slow").unlink()


def test_words_of_the_model_are_one_harmless_line(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for _ in range(MAX_BLOCKS):
        _stops(plugin, batch)
    _stops(plugin, batch, last_assistant_message="a\n\x1b[31mb\u202e " + "x" * 100_000)
    message = batch.fields["failed_features"][0]["error_message"]
    assert len(message) < 500
    assert message.isprintable()
