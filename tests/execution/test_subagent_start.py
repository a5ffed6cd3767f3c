"""Our own agent is given its work order, and no other agent is told anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

OURS = "batch-implement:feature-implementer"


def _starts(plugin: Plugin, batch: Batch, **event: Any) -> Answer:
    told = {"hook_event_name": "SubagentStart", "session_id": "owner", "agent_id": "a1", "agent_type": OURS}
    answer = plugin.hook("subagent-start", batch.root, {**told, **event})
    assert (answer.status, answer.stderr) == (0, "")
    return answer


def test_our_agent_is_given_everything_it_has_to_know(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user, " + "politely " * 20)
    answer = _starts(plugin, batch)
    assert answer.json["hookSpecificOutput"]["hookEventName"] == "SubagentStart"
    for words in (
        "Implement feature 1 of 1:",
        "politely " * 19,
        "Afterwards this has to pass: ./check.sh (2 tests before).",
        "Leave your changes uncommitted",
    ):
        assert words in answer.context


def test_an_agent_that_was_started_is_progress(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _starts(plugin, batch)
    _starts(plugin, batch)
    assert batch.state.open_attempts[0].workers == 2


@pytest.mark.parametrize(
    "event",
    [
        {"agent_type": "general-purpose"},
        {"agent_type": "feature-implementer"},
        {"agent_type": None},
        {"session_id": "stranger"},
    ],
)
def test_any_other_agent_is_told_nothing(batch: Batch, plugin: Plugin, event: dict[str, Any]) -> None:
    batch.begin()
    before = batch.state_bytes
    assert _starts(plugin, batch, **event).stdout == ""
    assert batch.state_bytes == before


def test_in_a_paused_batch_no_work_is_given_out(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    batch.call("pause")
    assert _starts(plugin, batch).stdout == ""


def test_a_work_order_fits_into_what_a_hook_may_say(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user " + "ä" * 9_900)
    assert len(_starts(plugin, batch).context) < 10_000
