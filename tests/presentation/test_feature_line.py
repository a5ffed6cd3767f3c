"""The line that a person reads as a feature ends."""

from __future__ import annotations

import pytest
from tests.presentation.examples import a_batch

from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Batch, Pause, Wait
from batch_implement.model.evidence import Evidence, Failure
from batch_implement.presentation.feature_line import lines_after, numbered
from batch_implement.system.clock import local_time

AT = "2026-01-31T08:05:00.000000Z"
SHA = "9aeb3f9456789abcdef0123456789abcdef01234"
PROVEN = Evidence(commit=SHA, tests_after=3, worked_seconds=33.4)
OPEN = {1: Attempt(feature_index=1, number=1, started_at=AT)}
TRIED = {0: (Attempt(feature_index=0, number=1, started_at=AT, ended_at=AT, error="no route to host"),)}
DONE = a_batch(completed_features=(0,), evidence={0: PROVEN}, open_attempts=OPEN)
FAILED = a_batch(
    failed_features=(Failure(feature_index=0, error_message="the sum is 5", timestamp=AT),),
    evidence={0: Evidence(kept_on="batch-implement/batch-1/feature-1")},
    held={2: "needs feature 1, which failed"},
    open_attempts=OPEN,
)
ROWS: dict[str, tuple[Batch, str]] = {
    "done": (DONE, "✓ 1/3 Greet the user · 33s · 3 tests · 9aeb3f9 · next: 2 · about 1 min left"),
    "done, the last one": (
        a_batch(completed_features=(0, 1, 2), evidence={0: PROVEN}, status="completed"),
        "✓ 1/3 Greet the user · 33s · 3 tests · 9aeb3f9 · none is left",
    ),
    "there already": (
        a_batch(completed_features=(0,), evidence={0: Evidence(no_change="it was there")}),
        "✓ 1/3 Greet the user · nothing to change · next: 2",
    ),
    "failed, with one that needs it": (
        FAILED,
        "✗ 1/3 Greet the user · the sum is 5 · its work: batch-implement/batch-1/feature-1 · next: 2\n"
        "⏸ 3/3 Print a farewell · held: needs feature 1, which failed",
    ),
    "tried again at a later time": (
        a_batch(attempts=TRIED, waits=(Wait(at=AT, reason="network: retry 1 of 3"),)),
        f"↻ 1/3 Greet the user · no route to host\n⏸ waiting until {local_time(AT)}: network: retry 1 of 3",
    ),
    "paused": (
        a_batch(status="paused", pause=Pause(kind="failure", feature=0, about="git can't sign")),
        "⏸ paused: Feature 1 met what only a person can mend: git can't sign.",
    ),
    "nothing has happened": (a_batch(), ""),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_became_of_a_feature_is_said_like_this(name: str) -> None:
    batch, line = ROWS[name]
    assert lines_after(batch, 0) == line


def test_a_feature_has_its_number_and_a_short_title_in_the_client_s_list_of_agents() -> None:
    assert numbered(a_batch(), 1) == "2/3 Count the visits"
    assert len(numbered(a_batch(), 1, 10)) <= len("2/3 ") + 10
