"""A failed feature's work is kept, its reason is written down, and the batch goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER
from tests.git_repositories import leave_users_work

from batch_implement.errors import BatchStateError
from batch_implement.oversight.ownership import NO_SESSION

if TYPE_CHECKING:
    from tests.batches import Batch


def _branch(batch: Batch, number: int) -> str:
    return f"batch-implement/{batch.fields['batch_id']}/feature-{number}"


def test_the_batch_goes_on_with_the_next_feature(batch: Batch) -> None:
    batch.begin()
    outcome = batch.call("fail", "1", "--error", "the greeting service is gone")
    assert outcome.kind == "assigned"
    assert "Feature 1 is recorded as failed" in outcome.text
    assert "Feature 2 of 3: Count the visits" in outcome.text
    [record] = batch.fields["failed_features"]
    assert (record["feature_index"], record["error_message"]) == (0, "the greeting service is gone")


def test_its_work_is_on_a_branch_that_is_named_and_the_next_begins_clean(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("app.py", "half\n")
    outcome = batch.call("fail", "1", "--error", "too hard")
    branch = _branch(batch, 1)
    assert f"Its work is kept on {branch}." in outcome.text
    assert batch.repository.run("status", "--porcelain") == "?? features.txt"
    assert batch.repository.run("show", f"{branch}:app.py") == "half"
    assert batch.fields["evidence"]["0"]["kept_on"] == branch
    assert f"git switch {branch}" in batch.call("status", "--report").text


def test_without_work_no_branch_is_made(batch: Batch) -> None:
    batch.begin()
    assert "kept on" not in batch.call("fail", "1", "--error", "too hard").text
    assert batch.repository.run("branch", "--list", "batch-implement/*") == ""


def test_what_the_user_had_uncommitted_stays(batch: Batch) -> None:
    leave_users_work(batch.repository)
    batch.list_features()
    before = batch.repository.run("status", "--porcelain=v2", "-z")
    batch.call("start", "features.txt", "--keep-dirty")
    batch.work(1)
    batch.call("fail", "1", "--error", "too hard")
    assert batch.repository.run("status", "--porcelain=v2", "-z") == before


def test_the_next_feature_commits_nothing_of_the_failed_one(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.call("fail", "1", "--error", "too hard")
    batch.work(2)
    batch.done(2)
    assert "feature1.py" not in batch.repository.tracked()


def test_when_the_last_feature_fails_the_batch_ends_with_its_report(batch: Batch) -> None:
    batch.begin("Greet the user")
    outcome = batch.call("fail", "1", "--error", "too hard")
    assert outcome.kind == "ended"
    assert "0 of 1 done, 1 failed" in outcome.text
    assert "1. Greet the user — too hard" in outcome.text


def test_an_error_is_one_harmless_line_of_bounded_length(batch: Batch) -> None:
    batch.begin()
    batch.call("fail", "1", "--error", "first line\n\x1b[31msecond\u202e" + "x" * 50_000)
    [record] = batch.fields["failed_features"]
    message = record["error_message"]
    assert len(message) <= 2_000
    assert message.splitlines() == [message]
    assert "\x1b" not in message
    assert "\u202e" not in message


@pytest.mark.parametrize("number", [0, 2, 4])
def test_out_of_turn_nothing_fails(batch: Batch, number: int) -> None:
    batch.begin()
    before = batch.state_bytes
    with pytest.raises(BatchStateError):
        batch.call("fail", str(number), "--error", "too hard")
    assert batch.state_bytes == before


def test_what_is_done_can_not_fail_any_more(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    with pytest.raises(BatchStateError, match="Feature 1 is not being worked on, so it can't fail"):
        batch.call("fail", "1", "--error", "after all")


def test_failing_twice_fails_once(batch: Batch) -> None:
    batch.begin()
    batch.call("fail", "1", "--error", "too hard")
    with pytest.raises(BatchStateError):
        batch.call("fail", "1", "--error", "too hard")
    assert len(batch.fields["failed_features"]) == 1


def test_a_stranger_can_not_fail_a_feature(batch: Batch) -> None:
    batch.begin()
    with pytest.raises(BatchStateError, match="belongs to another Claude Code session"):
        batch.call("fail", "1", "--error", "x", session=STRANGER)
    assert batch.call("fail", "1", "--error", "x", session=NO_SESSION).kind == "assigned"


def test_what_needs_a_failed_feature_is_held_and_named(batch: Batch) -> None:
    batch.begin("Add login", "Greet the user (requires 1)", "Print a farewell")
    batch.work(1)
    outcome = batch.call("fail", "1", "--error", "too hard")
    assert "Feature 3 of 3" in outcome.text
    batch.work(3)
    report = batch.done(3).text
    assert "## Held" in report
    assert "2. Greet the user" in report.partition("## Held")[2]
