"""``next`` says what is to be done now, as often as it is asked, and changes nothing by saying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER

from batch_implement.errors import BatchStateError
from batch_implement.oversight.ownership import NO_SESSION
from batch_implement.presentation.prompts import assignment, resumed, work_order

if TYPE_CHECKING:
    from tests.batches import Batch


def test_asking_again_gives_the_same_assignment_and_changes_no_byte(batch: Batch) -> None:
    batch.begin()
    first, before = batch.call("next"), batch.state_bytes
    assert [batch.call("next") for _ in range(3)] == [first] * 3
    assert batch.state_bytes == before
    assert batch.check_runs == 1


def test_it_needs_nothing_that_was_said_before(batch: Batch) -> None:
    batch.begin()
    text = batch.call("next").text
    assert "Feature 1 of 3: Greet the user" in text
    assert "batch-implement:feature-implementer" in text
    assert "batch-implement done 1" in text


def test_a_person_at_a_shell_may_ask_and_another_session_may_not(batch: Batch) -> None:
    batch.begin()
    assert batch.call("next", session=NO_SESSION).kind == "assigned"
    with pytest.raises(BatchStateError, match=r"belongs to another Claude Code session.*--resume"):
        batch.call("next", session=STRANGER)


def test_without_a_batch_it_says_how_one_begins(batch: Batch) -> None:
    with pytest.raises(BatchStateError, match="There is no batch state"):
        batch.call("next")


def test_the_work_order_is_complete(batch: Batch) -> None:
    batch.begin("Greet the user, " + "politely and at length " * 300)
    order = batch.call("next", "--work-order").text
    assert order.count("politely") == 300
    assert "It is done when this passes: ./check.sh (2 tests now, and not fewer afterwards)" in order
    assert "Leave your changes uncommitted" in order


def test_an_assignment_is_short_however_long_the_feature_is(batch: Batch) -> None:
    text = batch.begin("Greet the user " + "politely " * 1_000).text
    assert len(batch.call("next").text) < 700
    assert len(text) < 1_200


def test_a_work_order_for_a_hook_says_how_to_get_what_was_cut(batch: Batch) -> None:
    batch.begin("Greet the user " + "politely " * 1_000)
    order = work_order(batch.fields)
    assert len(order) < 9_000
    assert "(Cut. The whole: batch-implement next --work-order)" in order


def test_worked_directly_the_assignment_holds_the_work_order(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_WORKFLOW", "direct")
    text = batch.begin().text
    assert "It is done when this passes: ./check.sh" in text
    assert "feature-implementer" not in text


def test_before_the_checks_have_run_nobody_is_sent_to_work(batch: Batch) -> None:
    batch.repository.write(".git/info/exclude", "slow\n")
    batch.repository.write("slow")
    batch.begin(wait=0.0)
    for text in (assignment(batch.fields), resumed(batch.fields)):
        assert "batch-implement done" not in text
        assert "batch-implement next" in text
    (batch.root / "slow").unlink()


@pytest.mark.parametrize("name", ["features with blanks.txt", "-features.txt"])
def test_the_features_file_may_have_any_name(batch: Batch, name: str) -> None:
    batch.repository.write(name, "Greet the user\n")
    assert batch.call("start", "--", name).kind == "assigned"
    assert batch.fields["features_file"] == name


def test_a_feature_can_not_forge_our_words(batch: Batch) -> None:
    batch.begin("Greet\x1b[2J \u202ethe user", "Count")
    text = batch.call("next").text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("[batch-implement]") == 1


def test_a_batch_that_was_ended_says_so(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    assert batch.done(1).kind == "ended"
    outcome = batch.call("next")
    assert outcome.kind == "ended"
    assert "status --report" in outcome.text


def test_the_state_does_not_grow_by_the_users_files_with_every_feature(batch: Batch) -> None:
    for number in range(50):
        batch.repository.write(f"notes{number}.txt")
    batch.begin(*(f"Write page {number}" for number in range(8)))
    sizes = []
    for number in range(1, 8):
        batch.done(number, "--no-change", "it is there")
        sizes.append(len(batch.state_bytes))
    assert sizes[-1] - sizes[0] < 6 * 1_000
