"""Where a batch is, for who asks: nothing is changed by asking."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER

from batch_implement.model.record import replace
from batch_implement.model.transition import Transition

if TYPE_CHECKING:
    from tests.batches import Batch


def test_without_a_batch_it_says_so(batch: Batch) -> None:
    assert batch.call("status").text.startswith("No batch is at work")


def test_it_says_where_the_batch_is(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.fail(2, "too hard")
    text = batch.call("status", session=STRANGER).text
    assert "in_progress, 1 of 3 done, 1 failed" in text
    assert "At work: 3. Print a farewell" in text
    assert "Failed: 2. too hard" in text


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
    assert "The batch is stopped (1 of 3 done)" in said
    assert "still in the working tree" in said
    assert (batch.root / f".claude/batches/{batch_id}.md").read_text().startswith(f"# Batch {batch_id}")
    assert batch.call("status").text.startswith(f"No batch is at work. The last one: {batch_id}, cancelled")


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
