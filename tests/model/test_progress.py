"""Where a batch stands, and the transitions that move it."""

from __future__ import annotations

from typing import Any

import pytest

from batch_implement.api.batch_state_manager import create_batch_state
from batch_implement.model import progress

AT = "2026-01-31T08:05:00.000000Z"


def _fields(**changes: Any) -> dict[str, Any]:
    return {**create_batch_state(features=["a", "b", "c"]).to_dict(), **changes}


@pytest.mark.parametrize(
    ("order", "whole"), [([], [0, 1, 2]), ([2, 0, 1], [2, 0, 1]), ([1], [1, 0, 2]), ([2, 1], [2, 1, 0])]
)
def test_the_order_names_every_feature(order: list[int], whole: list[int]) -> None:
    assert progress.execution_order(_fields(feature_order=order)) == whole


@pytest.mark.parametrize(
    ("changes", "current"),
    [
        ({}, 0),
        ({"feature_order": [2, 1, 0]}, 2),
        ({"completed_features": [0]}, 1),
        ({"completed_features": [0], "held": {"1": "why"}}, 2),
        ({"failed_features": [{"feature_index": 0}], "completed_features": [1, 2]}, None),
        ({"attempt": {"feature_index": 2}}, 2),
    ],
)
def test_the_current_feature_is_the_one_begun_or_the_first_open_one(
    changes: dict[str, Any], current: int | None
) -> None:
    assert progress.current_feature(_fields(**changes)) == current


def test_a_held_feature_does_not_keep_a_batch_from_its_end() -> None:
    fields = _fields(completed_features=[0], held={"2": "why"})
    assert progress.mark(fields, 1, "completed", at=AT).changes["status"] == "completed"


def test_a_paused_batch_stays_paused_when_its_last_feature_is_done() -> None:
    fields = _fields(completed_features=[0, 1], status="paused")
    assert "status" not in progress.mark(fields, 2, "completed", at=AT).changes


def test_an_attempt_is_written_down_with_the_commit_it_starts_from() -> None:
    begun = progress.begin_attempt(_fields(), 1, at=AT, base_commit="abc")
    attempt = {"feature_index": 1, "number": 1, "started_at": AT, "base_commit": "abc"}
    assert begun.changes == {"attempt": attempt}
    assert progress.begin_attempt(_fields(attempt=attempt), 1, at=AT, base_commit="x") == progress.NOTHING


def test_the_journal_names_a_feature_by_its_number_from_one() -> None:
    assert progress.begin_attempt(_fields(), 1, at=AT, base_commit="abc").details == {
        "feature": 2,
        "attempt": 1,
    }
    assert progress.mark(_fields(), 1, "completed", at=AT).details == {"feature": 2}
    failed = progress.mark(_fields(), 2, "failed", at=AT, error_message="why")
    assert failed.details == {"feature": 3, "error": "why"}


def test_an_ended_attempt_is_filed_and_the_next_has_the_next_number() -> None:
    fields = _fields(attempt={"feature_index": 1, "number": 1, "started_at": AT, "base_commit": "abc"})
    ended = progress.end_attempt(fields, 1, at=AT, error="no")
    assert ended["attempts"]["1"][0]["error"] == "no"
    again = progress.begin_attempt({**fields, **ended}, 1, at=AT, base_commit="def")
    assert again.changes["attempt"]["number"] == 2


def test_only_the_running_attempt_can_be_ended() -> None:
    assert progress.end_attempt(_fields(), 1, at=AT, error="") == {}
    assert progress.end_attempt(_fields(attempt={"feature_index": 0}), 1, at=AT, error="") == {}


def test_marking_the_feature_at_work_ends_its_attempt_and_no_other() -> None:
    fields = _fields(attempt={"feature_index": 1})
    assert progress.mark(fields, 1, "completed", at=AT).changes["attempt"] is None
    assert "attempt" not in progress.mark(fields, 0, "completed", at=AT).changes


def test_the_position_passes_over_what_was_done_out_of_turn() -> None:
    fields = _fields(completed_features=[1])
    assert progress.mark(fields, 0, "completed", at=AT).changes["current_index"] == 2
