"""Where a batch is, line by line, and the same for a program."""

from __future__ import annotations

import io

import pytest
from tests.presentation.examples import a_batch

from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Batch, Owner, Pause, Wait
from batch_implement.model.evidence import Evidence, Failure
from batch_implement.model.standstill import Rest
from batch_implement.oversight.seen import Seen
from batch_implement.oversight.signs import Sign
from batch_implement.presentation.answer import screened
from batch_implement.presentation.history import history_line
from batch_implement.presentation.painted import paint
from batch_implement.presentation.status import batch_line, status_data, status_screen
from batch_implement.system.clock import local_time

BEGAN = "2026-01-31T08:00:00.000000Z"
AT = "2026-01-31T08:05:00.000000Z"
NOW = "2026-01-31T08:10:00.000000Z"
AT_WORK = {1: Attempt(feature_index=1, number=1, started_at=AT)}
LIMIT = Wait(at=AT, seconds=60.0, reason="a usage limit was reached")
TOO_HARD = Failure(feature_index=0, error_message="too\nhard", timestamp=AT)
SEEN, ALONE = Seen(NOW), Seen(NOW, is_alone=True)
EMPTY, THIRD = "░" * 20, "█" * 6 + "░" * 14
ROWS = {
    "next": (
        a_batch(),
        SEEN,
        [
            "Batch batch-1: at work, 0 of 3 done.",
            f"{EMPTY} 0 of 3",
            "  · 1. Greet the user",
            "  · 2. Count the visits",
            "  · 3. Print a farewell",
            "To hold it: /batch-implement --pause",
        ],
    ),
    "at work": (
        a_batch(
            created_at=BEGAN,
            completed_features=(0,),
            evidence={0: Evidence(commit="9aeb3f9c0ffee", worked_seconds=33.2)},
            open_attempts=AT_WORK,
        ),
        SEEN,
        [
            "Batch batch-1: at work, 1 of 3 done.",
            f"{THIRD} 1 of 3 · 10m 00s of work",
            "  ✓ 1. Greet the user · 33s · 9aeb3f9",
            "  ▶ 2. Count the visits · 5m 00s",
            "  · 3. Print a farewell",
            "To hold it: /batch-implement --pause",
        ],
    ),
    "left alone": (
        a_batch(open_attempts=AT_WORK),
        ALONE,
        [
            "Batch batch-1: standing still, 0 of 3 done.",
            f"{EMPTY} 0 of 3",
            "  · 1. Greet the user",
            "  ⏸ 2. Count the visits · 5m 00s",
            "  · 3. Print a farewell",
            "No session works on it. To go on: /batch-implement --resume",
        ],
    ),
    "waiting for a limit": (
        a_batch("Greet", waits=(LIMIT,)),
        SEEN,
        [
            "Batch batch-1: waiting, 0 of 1 done.",
            f"{EMPTY} 0 of 1",
            "  · 1. Greet",
            f"Waiting until {local_time(AT)}: a usage limit was reached.",
            "It goes on by itself then.",
        ],
    ),
    "another feature waits": (
        a_batch("Greet", "Leave", waits=(Wait(at=AT, reason="its retry", feature=1),)),
        SEEN,
        [
            "Batch batch-1: at work, 0 of 2 done.",
            f"{EMPTY} 0 of 2",
            "  · 1. Greet",
            "  · 2. Leave",
            "To hold it: /batch-implement --pause",
        ],
    ),
    "a permission prompt waits": (
        a_batch("Greet", "Count", open_attempts=AT_WORK),
        Seen(NOW, sign=Sign("Bash", "make test")),
        [
            "Batch batch-1: waiting for you, 0 of 2 done.",
            f"{EMPTY} 0 of 2",
            "  · 1. Greet",
            "  ⏸ 2. Count · 5m 00s",
            "Waiting for you: Claude asks in its session whether it may use Bash (make test).",
        ],
    ),
    "interrupted": (
        a_batch("Greet", "Count", open_attempts=AT_WORK),
        Seen(NOW, sign=Sign()),
        [
            "Batch batch-1: standing still, 0 of 2 done.",
            f"{EMPTY} 0 of 2",
            "  · 1. Greet",
            "  ⏸ 2. Count · 5m 00s",
            "Interrupted by Esc; what was changed is still there. To go on: /batch-implement --resume",
        ],
    ),
    "paused": (
        a_batch("Greet", status="paused", pause=Pause(kind="outage", since=AT, about="no login")),
        SEEN,
        [
            "Batch batch-1: paused, 0 of 1 done.",
            f"{EMPTY} 0 of 1",
            "  · 1. Greet",
            f"Paused since {local_time(AT)}: no login.",
            "To go on: /batch-implement --resume",
        ],
    ),
    "failed and held": (
        a_batch(failed_features=(TOO_HARD,), held={1: "needs feature 1, which failed"}),
        SEEN,
        [
            "Batch batch-1: at work, 0 of 3 done, 1 failed, 1 held.",
            f"{'█' * 13 + '░' * 7} 2 of 3",
            "  ✗ 1. Greet the user",
            "      too hard",
            "  ⏸ 2. Count the visits",
            "      needs feature 1, which failed",
            "  · 3. Print a farewell",
            "To hold it: /batch-implement --pause",
        ],
    ),
    "ended with a failure": (
        a_batch("Greet", status="completed", failed_features=(TOO_HARD,)),
        SEEN,
        [
            "Batch batch-1: ended, 0 of 1 done, 1 failed.",
            f"{'█' * 20} 1 of 1",
            "  ✗ 1. Greet",
            "      too hard",
            "How each was proven: /batch-status --report",
            "To try what failed again: /batch-implement --resume --failed",
        ],
    ),
    "all done": (
        a_batch("Greet", status="completed", completed_features=(0,)),
        SEEN,
        [
            "Batch batch-1: completed, 1 of 1 done.",
            f"{'█' * 20} 1 of 1",
            "  ✓ 1. Greet",
            "How each was proven: /batch-status --report",
        ],
    ),
}


@pytest.mark.parametrize(("batch", "seen", "lines"), ROWS.values(), ids=ROWS.keys())
def test_a_batch_is_told_like_this(batch: Batch, seen: Seen, lines: list[str]) -> None:
    assert str(status_screen(batch, seen)).splitlines() == lines


def test_what_is_left_is_told_when_enough_was_done_to_go_by() -> None:
    done = {index: Evidence(worked_seconds=60.0 * (index + 1)) for index in range(2)}
    batch = a_batch(
        *"abcd", created_at=BEGAN, completed_features=(0, 1), evidence=done, open_attempts={2: AT_WORK[1]}
    )
    assert "of work · about 2m 00s left" in str(status_screen(batch, SEEN))


def test_what_stood_still_is_no_work() -> None:
    rests = (
        Rest(kind="paused", since="2026-01-31T08:01:00.000000Z", until="2026-01-31T08:03:00.000000Z"),
        Rest(kind="away", since="2026-01-31T08:02:00.000000Z", until="2026-01-31T08:04:00.000000Z"),
    )
    batch = a_batch(created_at=BEGAN, updated_at=AT, rests=rests, open_attempts=AT_WORK)
    assert "· 7m 00s of work" in str(status_screen(batch, SEEN))
    assert "· 2m 00s of work" in str(status_screen(batch, ALONE))


def test_breakers_that_hold_something_back_are_told() -> None:
    said = str(status_screen(a_batch(), Seen(NOW, refused_retries=5, refused_closings=6))).splitlines()
    assert said[5:7] == [
        "No retries: 5 failures in a row (batch-implement reset-breaker).",
        "No issues are closed: 6 failures in a row (batch-implement reset-breaker).",
    ]


def test_a_row_fits_a_terminal_whatever_its_feature_is_called() -> None:
    failure = Failure(feature_index=0, error_message="y" * 1_000, timestamp=AT)
    batch = a_batch("x" * 1_000, "z" * 1_000, failed_features=(failure,), open_attempts=AT_WORK)
    rows = [line for line in str(status_screen(batch, SEEN)).splitlines() if line.startswith("  ")]
    assert max(map(len, rows)) <= 80


def test_of_the_output_of_a_check_the_last_words_are_told() -> None:
    pause = Pause(kind="failing-check", about="make test", output="line\n" * 200 + "1 failed\n")
    said = str(status_screen(a_batch(status="paused", pause=pause), SEEN))
    [line] = [line for line in said.splitlines() if line.startswith("Paused")]
    assert line.endswith("line 1 failed")
    assert len(line) < 400


def test_long_runs_of_the_same_are_cut_in_their_middle() -> None:
    batch = a_batch(*(f"Feature {number}" for number in range(1, 101)), completed_features=tuple(range(50)))
    rows = [line for line in str(status_screen(batch, SEEN)).splitlines() if line.startswith("  ")]
    assert rows[2:5] == ["  ✓ 3. Feature 3", "  ✓ … and 44 more …", "  ✓ 48. Feature 48"]
    assert len(rows) == 14


def test_in_a_terminal_it_has_colours_and_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, seen, lines = ROWS["failed and held"]
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = _Terminal(), _Terminal()
    paint(screened(status_screen(batch, seen)), coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    paint(screened(status_screen(batch, seen)), plain)
    assert "\033[31m" in coloured.getvalue()
    assert "[3" not in plain.getvalue()
    shown = [" ".join(line.split()) for line in plain.getvalue().splitlines()]
    assert shown == [" ".join(line.split()) for line in lines]


def test_a_program_is_told_numbers_from_1() -> None:
    batch = a_batch(
        completed_features=(0,),
        failed_features=(Failure(feature_index=2, error_message="too hard", timestamp=AT),),
        open_attempts=AT_WORK,
        waits=(LIMIT,),
        pause=Pause(kind="outage", about="no login"),
        status="paused",
        evidence={0: Evidence(exit_code=0)},
        owner=Owner(session_id="owner"),
        created_at=BEGAN,
    )
    assert status_data(batch, SEEN) == {
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
        "is_worked_on": True,
        "worked_seconds": 600.0,
    }


def test_a_past_batch_is_a_line() -> None:
    assert batch_line(a_batch(status="cancelled")) == "batch-1: stopped, 0 of 3 done"


def test_a_record_of_the_journal_is_a_line_in_words() -> None:
    record = {"sequence": 4, "at": AT, "event": "attempt", "feature": 2, "attempt": 1, "changes": {}}
    assert history_line(record) == f"{local_time(AT)}  2. begun (attempt: 1)"
    unknown = {"sequence": 5, "at": AT, "event": "notify_failed", "error": "no\nsuch", "changes": {}}
    assert history_line(unknown) == f"{local_time(AT)}  notify failed (error: no such)"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
