"""A failed feature's work is kept, its reason is written down, and the batch goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import STRANGER, assigned, ended, news, refusal
from tests.git_repositories import leave_users_work

from batch_implement.engine.fail import in_short
from batch_implement.model.outcomes import GivenUp, TimeRuns, Waiting
from batch_implement.model.record import replace
from batch_implement.model.refusals import (
    CheckFailed,
    CommitRefused,
    FewerTests,
    NoSuchFeature,
    NotAtWork,
    NothingChanged,
    StrangerSession,
    UsersFilesTouched,
    WeakerChecks,
)
from batch_implement.model.transition import Transition
from batch_implement.oversight.session import NO_SESSION
from batch_implement.recovery.failures import BatchRetryManager
from batch_implement.system.clock import timestamp, utc_now

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.model.outcomes import Outcome
    from batch_implement.model.refusals import Refusal


def _branch(batch: Batch, number: int) -> str:
    return f"batch-implement/{batch.state.batch_id}/feature-{number}"


def _given_up(outcome: Outcome) -> GivenUp:
    [said] = news(outcome)
    assert isinstance(said, GivenUp)
    return said


def test_the_batch_goes_on_with_the_next_feature(batch: Batch) -> None:
    batch.begin()
    outcome = batch.fail(1, "the greeting service is gone")
    assert (assigned(outcome), _given_up(outcome).number) == (2, 1)
    [failure] = batch.state.failed_features
    assert (failure.feature_index, failure.error_message) == (0, "the greeting service is gone")
    assert batch.state.evidence[0].not_retried == _given_up(outcome).reason
    [attempt] = batch.state.attempts[0]
    assert attempt.error == "the greeting service is gone"


def test_its_work_is_on_a_branch_that_is_named_and_the_next_begins_clean(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.repository.write("app.py", "half\n")
    outcome = batch.fail(1, "too hard")
    branch = _branch(batch, 1)
    assert _given_up(outcome).kept_on == batch.state.evidence[0].kept_on == branch
    assert batch.repository.run("status", "--porcelain") == "?? features.txt"
    assert batch.repository.run("show", f"{branch}:app.py") == "half"


def test_without_work_no_branch_is_made(batch: Batch) -> None:
    batch.begin()
    assert _given_up(batch.fail(1, "too hard")).kept_on == ""
    assert batch.repository.run("branch", "--list", "batch-implement/*") == ""


def test_what_the_user_had_uncommitted_stays(batch: Batch) -> None:
    leave_users_work(batch.repository)
    batch.list_features()
    before = batch.repository.run("status", "--porcelain=v2", "-z")
    batch.begin(keep_dirty=True)
    batch.work(1)
    batch.fail(1, "too hard")
    assert batch.repository.run("status", "--porcelain=v2", "-z") == before


def test_the_next_feature_commits_nothing_of_the_failed_one(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.fail(1, "too hard")
    batch.work(2)
    batch.done(2)
    assert "feature1.py" not in batch.repository.tracked()


def test_when_the_last_feature_fails_the_batch_ends(batch: Batch) -> None:
    batch.begin("Greet the user")
    state = ended(batch.fail(1, "too hard"))
    assert (state.status, state.completed_features, state.failed) == ("completed", (), {0})


def test_an_error_is_one_harmless_line_of_bounded_length(batch: Batch) -> None:
    batch.begin()
    batch.fail(1, "first line\n\x1b[31msecond\u202e" + "x" * 50_000)
    [failure] = batch.state.failed_features
    message = failure.error_message
    assert len(message) <= 2_000
    assert message.splitlines() == [message]
    assert "\x1b" not in message
    assert "\u202e" not in message


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (0, NoSuchFeature(number=0, total=3)),
        (2, NotAtWork(number=2, current=1)),
        (4, NoSuchFeature(number=4, total=3)),
    ],
)
def test_out_of_turn_nothing_fails(batch: Batch, number: int, why: Refusal) -> None:
    batch.begin()
    before = batch.state_bytes
    assert refusal(batch.fail(number)) == why
    assert batch.state_bytes == before


def test_what_is_done_can_not_fail_any_more(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    assert refusal(batch.fail(1, "after all")) == NotAtWork(number=1, current=2)


def test_failing_twice_fails_once(batch: Batch) -> None:
    batch.begin()
    batch.fail(1, "too hard")
    assert refusal(batch.fail(1, "too hard")) == NotAtWork(number=1, current=2)
    assert len(batch.state.failed_features) == 1


def test_a_stranger_can_not_fail_a_feature(batch: Batch) -> None:
    batch.begin()
    assert refusal(batch.fail(1, session=STRANGER)) == StrangerSession()
    assert assigned(batch.fail(1, session=NO_SESSION)) == 2


def test_what_needs_a_failed_feature_is_held_and_named(batch: Batch) -> None:
    batch.begin("Add login", "Greet the user (requires 1)", "Print a farewell")
    batch.work(1)
    assert assigned(batch.fail(1, "too hard")) == 3
    batch.work(3)
    state = ended(batch.done(3))
    assert list(state.held) == [1]
    assert "feature 1" in state.held[1]


# --- tried again ------------------------------------------------------------------------------------


def test_what_may_pass_is_tried_again_after_a_wait_of_its_own_with_its_work_in_place(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_RETRY_ENABLED", "true")
    # Of up to some seconds half, where chance may choose nearly none.
    monkeypatch.setitem(BatchRetryManager.__init__.__kwdefaults__, "random", lambda: 0.5)
    batch.begin()
    batch.work(1)
    outcome = batch.fail(1, "Connection reset by peer", wait=0.0)
    state = batch.state
    [wait] = state.waits
    assert outcome == Waiting(cause=TimeRuns(wait=wait))
    assert (wait.feature, state.open_attempts, state.failed) == (0, {}, set())
    assert (state.retry_attempts, [one.error for one in state.attempts[0]]) == (
        {0: 1},
        ["Connection reset by peer"],
    )
    over = replace(wait, at=timestamp(utc_now()))
    batch.project.state.update(lambda state: Transition("time_passed", replace(state, waits=(over,))))
    assert assigned(batch.next()) == 1
    assert (batch.state.waits, batch.state.open_attempts[0].number) == ((), 2)
    assert assigned(batch.done(1)) == 2
    assert "feature1.py" in batch.repository.tracked()


# --- what is recorded of why ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "facts"),
    [
        (NothingChanged(number=2), ("nothing changed",)),
        (WeakerChecks(number=2, lines=("a.py:1: one", "b.py:2: two")), ("a.py:1: one, b.py:2: two",)),
        (
            FewerTests(number=2, command="make test", before=3, after=2),
            ("make test", "before: 3", "after: 2"),
        ),
        (UsersFilesTouched(number=2, paths=("app.py", "b.py")), ("app.py, b.py",)),
        (
            CheckFailed(number=2, command="make test", exit_code=3, output="x" * 900 + "\nthe last words"),
            ("make test ended with 3", "the last words"),
        ),
        (CheckFailed(number=2, command="make test", exit_code=-9, timed_out=True), ("after its time limit",)),
        (CommitRefused(number=2, why="gpg failed to sign"), ("gpg failed to sign",)),
    ],
)
def test_it_has_the_facts_in_one_line_and_not_the_number(why: Refusal, facts: tuple[str, ...]) -> None:
    said = in_short(why)
    assert all(fact in said for fact in facts)
    assert said.splitlines() == [said]
    assert len(said) < 400
    assert "number" not in said
