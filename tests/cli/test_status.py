"""Where a batch is, for who asks: nothing is changed by asking."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER

from batch_implement.errors import UsageError
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.oversight.session import NO_SESSION
from batch_implement.system.clock import seconds_between

if TYPE_CHECKING:
    from tests.batches import Batch


def test_without_a_batch_it_says_so(batch: Batch) -> None:
    said = "There was no batch in this project yet. To begin one: /batch-implement FILE"
    assert batch.call("status").text == said
    assert batch.call("status", "--all").text == said


def test_it_says_where_the_batch_is(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.fail(2, "too hard")
    text = batch.call("status", session=STRANGER).text
    commit = batch.fields["evidence"]["0"]["commit"][:7]
    lines = text.splitlines()
    assert lines[0] == f"Batch {batch.state.batch_id}: at work, 1 of 3 done, 1 failed."
    assert lines[2].startswith("  ✓ 1. Greet the user · ")
    assert lines[2].endswith(f" · {commit}")
    assert lines[3:5] == ["  ✗ 2. Count the visits", "      too hard"]
    assert lines[5].startswith("  ▶ 3. Print a farewell · ")


def test_that_of_a_paused_batch_says_why(batch: Batch) -> None:
    batch.repository.commit(broken="")
    batch.begin()
    text = batch.call("status").text
    assert "paused" in text
    assert "./check.sh fails before any feature has begun" in text


def test_of_the_last_batch_it_says_how_it_ended_and_where_its_report_is(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch_id = batch.state.batch_id
    batch.work(2)
    said = batch.call("stop", "--yes").text
    assert "(1 of 3 done)" in said
    assert "still in the working tree" in said
    assert (batch.root / f".claude/batches/{batch_id}.md").read_text().startswith(f"# Batch {batch_id}")
    assert batch.call("status").text.startswith(f"Batch {batch_id}: stopped, 1 of 3 done.")


def test_looking_changes_nothing(batch: Batch) -> None:
    batch.begin()
    before = batch.state_bytes
    batch.call("status")
    batch.call("status", "--report", session=STRANGER)
    assert batch.state_bytes == before


def test_as_data_it_has_every_feature(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    data = batch.call("status").data
    assert (data["total"], data["completed"], data["current"], data["at_work"]) == (3, [1], 2, [2])
    assert data["evidence"]["1"]["exit_code"] == 0


@pytest.mark.parametrize(("seconds_ago", "shown"), [(60.0, True), (3600.0, False)])
def test_it_names_the_breaker_of_github_only_while_it_is_open(
    seconds_ago: float, shown: bool, batch: Batch
) -> None:
    batch.begin()
    opened = {"consecutive_failures": 5, "opened_at": time.time() - seconds_ago}
    batch.project.state.update(lambda state: Transition("issue_close", replace(state, github_breaker=opened)))
    assert ("No issues are closed: 5 failures in a row" in batch.call("status").text) is shown


def test_the_history_is_told_of_past_batches_too(batch: Batch) -> None:
    batch.begin("Greet the user")
    first = batch.state.batch_id
    batch.work(1)
    batch.done(1)
    batch.begin("Count the visits")
    assert "1. done" not in batch.call("status", "--history").text
    for said in (
        batch.call("status", "--history", first).text,
        batch.call("status", first, "--history").text,
    ):
        assert [line.partition("  ")[2] for line in said.splitlines()][-2:] == ["1. done", "the batch ended"]
    assert batch.call("status", first).text.startswith(f"Batch {first}: completed, 1 of 1 done.")
    with pytest.raises(UsageError, match="There is no batch 'batch-0'"):
        batch.call("status", "batch-0")


def test_a_batch_that_no_session_works_on_says_so_and_how_to_go_on(batch: Batch) -> None:
    batch.begin(session=NO_SESSION)
    text = batch.call("status").text
    assert "standing still, 0 of 3 done" in text
    assert text.endswith("No session works on it. To go on: /batch-implement --resume")
    assert batch.call("status").data["is_worked_on"] is False


def test_what_a_pause_took_is_no_work(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.call("pause")
    time.sleep(1.1)
    batch.call("resume")
    batch.work(1)
    batch.done(1)
    ended = batch.state
    assert [rest.kind for rest in ended.rests] == ["paused"]
    assert ended.evidence[0].worked_seconds < seconds_between(ended.created_at, ended.updated_at) - 1.0
    assert "(and 1s paused)" in batch.call("status", "--report").text


def test_what_failed_is_tried_again_in_a_batch_that_has_ended(batch: Batch) -> None:
    batch.begin("Greet the user", "Count the visits (after: 1)")
    assert "`/batch-implement --resume --failed`" in batch.call("fail", "1", "--error", "no service").text
    resumed = batch.call("resume", "--failed")
    assert "Feature 1 of 2: Greet the user" in resumed.text
    batch.work(1)
    assert "Feature 2 of 2" in batch.call("done", "1").text
