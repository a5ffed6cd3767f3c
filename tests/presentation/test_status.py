"""Where a batch is, line by line, and the same for a program."""

from __future__ import annotations

import pytest
from tests.presentation.examples import a_batch

from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Batch, Pause, Wait
from batch_implement.model.evidence import Evidence, Failure
from batch_implement.presentation.status import batch_line, history_line, status_data, status_text
from batch_implement.system.clock import local_time

AT = "2026-01-31T08:05:00.000000Z"
AT_WORK = {1: Attempt(feature_index=1, number=1, started_at=AT)}
LIMIT = Wait(at=AT, seconds=60.0, reason="a usage limit was reached")
ROWS = {
    "next": (a_batch(), ["Batch batch-1: in_progress, 0 of 3 done.", "Next: 1. Greet the user"]),
    "at work": (
        a_batch(completed_features=(0,), open_attempts=AT_WORK),
        ["Batch batch-1: in_progress, 1 of 3 done.", "At work: 2. Count the visits"],
    ),
    "waiting": (
        a_batch(waits=(LIMIT,)),
        [
            "Batch batch-1: in_progress, 0 of 3 done.",
            f"Waiting until {local_time(AT)}: a usage limit was reached",
            "Next: 1. Greet the user",
        ],
    ),
    "another feature waits": (
        a_batch(waits=(Wait(at=AT, reason="its retry", feature=2),)),
        ["Batch batch-1: in_progress, 0 of 3 done.", "Next: 1. Greet the user"],
    ),
    "paused": (
        a_batch(status="paused", pause=Pause(kind="outage", about="no login"), open_attempts=AT_WORK),
        ["Batch batch-1: paused, 0 of 3 done.", "Paused: no login."],
    ),
    "failed and held": (
        a_batch(
            failed_features=(Failure(feature_index=0, error_message="too hard", timestamp=AT),),
            held={1: "needs feature 1, which failed"},
        ),
        [
            "Batch batch-1: in_progress, 0 of 3 done, 1 failed, 1 held.",
            "Next: 3. Print a farewell",
            "Failed: 1. too hard",
            "Held: 2. needs feature 1, which failed",
        ],
    ),
    "ended": (
        a_batch(status="completed", completed_features=(0, 1, 2)),
        ["Batch batch-1: completed, 3 of 3 done."],
    ),
}


@pytest.mark.parametrize(("batch", "lines"), ROWS.values(), ids=ROWS.keys())
def test_a_batch_is_told_like_this(batch: Batch, lines: list[str]) -> None:
    assert status_text(batch).splitlines() == lines


def test_breakers_that_hold_something_back_are_told() -> None:
    assert status_text(a_batch(), refused_retries=5, refused_closings=6).splitlines()[1:3] == [
        "No retries: 5 failures in a row (reset-breaker).",
        "No issues are closed: 6 failures in a row (reset-breaker).",
    ]


def test_a_long_text_is_cut() -> None:
    failure = Failure(feature_index=0, error_message="y" * 1_000, timestamp=AT)
    batch = a_batch("x" * 1_000, "z" * 1_000, failed_features=(failure,))
    assert max(map(len, status_text(batch).splitlines())) < 200


def test_a_program_is_told_numbers_from_1() -> None:
    batch = a_batch(
        completed_features=(0,),
        failed_features=(Failure(feature_index=2, error_message="too hard", timestamp=AT),),
        open_attempts=AT_WORK,
        waits=(LIMIT,),
        pause=Pause(kind="outage", about="no login"),
        status="paused",
        evidence={0: Evidence(exit_code=0)},
    )
    assert status_data(batch) == {
        "batch_id": "batch-1",
        "status": "paused",
        "total": 3,
        "completed": [1],
        "failed": [3],
        "held": [],
        "at_work": [2],
        "current": 2,
        "pause": {"reason": "no login.", "kind": "outage", "about": "no login"},
        "wake": {"at": AT, "seconds": 60.0, "reason": "a usage limit was reached"},
        "evidence": {"1": {"exit_code": 0}},
    }


def test_a_past_batch_and_a_record_of_the_journal_are_a_line_each() -> None:
    assert batch_line(a_batch(status="cancelled")) == "batch-1: cancelled, 0 of 3 done"
    record = {"sequence": 4, "at": AT, "event": "attempt", "feature": 2, "changes": {}}
    assert history_line(record) == f"{AT} attempt feature=2"
