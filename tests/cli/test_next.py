"""What Claude is told: short in a conversation that holds many of them, whole in a fresh one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.presentation.prompts import assignment, current_work_order, resumed

if TYPE_CHECKING:
    import pytest
    from tests.batches import Batch


def test_an_assignment_says_what_to_do_and_how_it_ends(batch: Batch) -> None:
    batch.begin()
    text = batch.call("next").text
    assert text.startswith("[batch-implement] Feature 1 of 3: Greet the user\n")
    assert "Start agent batch-implement:feature-implementer" in text
    assert "batch-implement done 1 --message" in text
    assert "batch-implement fail 1 --error" in text


def test_an_assignment_is_short_however_long_the_feature_is(batch: Batch) -> None:
    batch.list_features("Greet the user " + "politely " * 1_000)
    text = batch.call("start", "features.txt").text
    assert len(batch.call("next").text) < 700
    assert len(text) < 1_200


def test_the_work_order_is_complete(batch: Batch) -> None:
    batch.begin("Greet the user, " + "politely and at length " * 300)
    order = batch.call("next", "--work-order").text
    assert order.count("politely") == 300
    assert "Afterwards this has to pass: ./check.sh (2 tests before)." in order
    assert "Leave your changes uncommitted" in order


def test_a_work_order_for_a_hook_says_how_to_get_what_was_cut(batch: Batch) -> None:
    batch.begin("Greet the user " + "politely " * 1_000)
    order = current_work_order(batch.state)
    assert len(order) < 9_000
    assert "(Cut. The whole: batch-implement next --work-order)" in order


def test_worked_directly_the_assignment_holds_the_work_order(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_WORKFLOW", "direct")
    batch.begin()
    text = batch.call("next").text
    assert "Afterwards this has to pass: ./check.sh" in text
    assert "feature-implementer" not in text


def test_before_the_checks_have_run_nobody_is_sent_to_work(batch: Batch) -> None:
    batch.repository.write(".git/slow")
    batch.begin(wait=0.0)
    for text in (assignment(batch.state), resumed(batch.state)):
        assert "batch-implement done" not in text
        assert "batch-implement next" in text
    (batch.root / ".git/slow").unlink()


def test_a_feature_can_not_forge_our_words(batch: Batch) -> None:
    batch.begin("Greet\x1b[2J \u202ethe user", "Count")
    text = batch.call("next").text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("[batch-implement]") == 1
