"""Where a batch stands, and the transitions that move it."""

from __future__ import annotations

import pytest
from tests.batch_projects import new_batch

from batch_implement.model import attempts, progress
from batch_implement.model.attempt import MAIN_TREE, Attempt, Baseline, Proof, Worker
from batch_implement.model.batch import Stalls
from batch_implement.model.check import Check
from batch_implement.model.evidence import Evidence, Failure, Operation
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING
from batch_implement.scheduling.ready import current_feature

AT = "2026-01-31T08:05:00.000000Z"
BASELINE = Baseline(commit="abc", branch="main")
FAILURE = Failure(feature_index=0, error_message="no", timestamp=AT)


def _begun(index: int, **fields: object) -> Attempt:
    return Attempt(feature_index=index, number=1, started_at=AT, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "whole"), [((), (0, 1, 2)), ((2, 0, 1), (2, 0, 1)), ((1,), (1, 0, 2)), ((2, 1), (2, 1, 0))]
)
def test_the_order_names_every_feature(order: tuple[int, ...], whole: tuple[int, ...]) -> None:
    assert new_batch(feature_order=order).order == whole


@pytest.mark.parametrize(
    ("fields", "current"),
    [
        ({}, 0),
        ({"feature_order": (2, 1, 0)}, 2),
        ({"completed_features": (0,)}, 1),
        ({"completed_features": (0,), "held": {1: "why"}}, 2),
        ({"failed_features": (FAILURE,), "completed_features": (1, 2)}, None),
        ({"open_attempts": {2: _begun(2)}}, 2),
    ],
)
def test_the_current_feature_is_the_one_begun_or_the_first_open_one(
    fields: dict[str, object], current: int | None
) -> None:
    assert current_feature(new_batch(**fields)) == current


def test_a_held_feature_does_not_keep_a_batch_from_its_end() -> None:
    batch = new_batch(completed_features=(0,), held={2: "why"})
    assert batch.left == (1,)
    assert progress.complete(batch, 1, Evidence(), at=AT).left == ()


@pytest.mark.parametrize("status", ["in_progress", "paused"])
def test_doing_or_failing_the_last_feature_sets_no_status(status: str) -> None:
    """Whether the batch is over is for who calls: its end may still have to be published."""
    batch = new_batch(completed_features=(0, 1), status=status)
    assert progress.complete(batch, 2, Evidence(), at=AT).status == status
    assert progress.fail(batch, 2, "no", Evidence(), at=AT).status == status
    assert progress.try_again(batch, 2, "no", at=AT, retries=1).status == status


def test_an_attempt_is_written_down_with_what_it_starts_from() -> None:
    begun = attempts.begin(new_batch(), 1, at=AT, baseline=BASELINE)
    assert begun.after is not None
    attempt = _begun(1, base_commit="abc", baseline=BASELINE, workspace=MAIN_TREE)
    assert begun.after.open_attempts == {1: attempt}
    assert attempts.begin(begun.after, 1, at=AT, baseline=BASELINE) is NOTHING


@pytest.mark.parametrize(
    "fields",
    [
        {"completed_features": (1,)},
        {"held": {1: "why"}},
        {"failed_features": (Failure(feature_index=1, error_message="no", timestamp=AT),)},
    ],
)
def test_work_on_a_feature_that_is_closed_does_not_begin(fields: dict[str, object]) -> None:
    assert attempts.begin(new_batch(**fields), 1, at=AT, baseline=BASELINE) is NOTHING


def test_attempts_at_several_features_may_be_open() -> None:
    first = attempts.begin(new_batch(), 0, at=AT, baseline=BASELINE).after
    assert first is not None
    both = attempts.begin(first, 2, at=AT, baseline=BASELINE).after
    assert both is not None
    assert set(both.open_attempts) == {0, 2}
    assert set(progress.complete(both, 2, Evidence(), at=AT).open_attempts) == {0}


def test_the_journal_names_a_feature_by_its_number_from_one() -> None:
    begun = attempts.begin(new_batch(), 1, at=AT, baseline=BASELINE)
    assert (begun.event, begun.details) == ("attempt", {"feature": 2, "attempt": 1})


def test_an_ended_attempt_is_filed_and_the_next_has_the_next_number() -> None:
    batch = new_batch(open_attempts={1: _begun(1, base_commit="abc")})
    ended = attempts.end(batch, 1, at=AT, error="no")
    (filed,) = ended.attempts[1]
    assert (filed.error, filed.ended_at, ended.open_attempts) == ("no", AT, {})
    again = attempts.begin(ended, 1, at=AT, baseline=BASELINE).after
    assert again is not None
    assert again.open_attempts[1].number == 2


def test_an_attempt_is_filed_without_what_was_of_use_only_meanwhile() -> None:
    proof = Proof(evidence=Evidence(), tree="t")
    open_one = _begun(1, baseline=BASELINE, proof=proof, worker=Worker(id="w"))
    batch = new_batch(open_attempts={1: open_one})
    (filed,) = attempts.end(batch, 1, at=AT, error="").attempts[1]
    assert (filed.proof, filed.worker, filed.baseline) == (None, None, None)


def test_what_was_there_at_the_beginning_is_kept_while_another_attempt_goes_on_from_it() -> None:
    batch = new_batch(open_attempts={1: _begun(1, baseline=BASELINE)})
    tried = progress.try_again(batch, 1, "no", at=AT, retries=1)
    assert tried.attempts[1][0].baseline == BASELINE
    assert tried.retry_attempts == {1: 1}
    given_up = progress.fail(replace(tried, open_attempts={1: _begun(1)}), 1, "no again", Evidence(), at=AT)
    assert [one.baseline for one in given_up.attempts[1]] == [None, None]


def test_only_an_open_attempt_can_be_ended() -> None:
    batch = new_batch()
    assert attempts.end(batch, 1, at=AT, error="") is batch
    other = new_batch(open_attempts={0: _begun(0)})
    assert attempts.end(other, 1, at=AT, error="") is other


def test_a_feature_that_is_done_ends_its_attempt_and_no_other() -> None:
    batch = new_batch(open_attempts={1: _begun(1)})
    assert progress.complete(batch, 1, Evidence(), at=AT).open_attempts == {}
    assert progress.complete(batch, 0, Evidence(), at=AT).open_attempts == batch.open_attempts


def test_the_position_passes_over_what_was_done_out_of_turn() -> None:
    batch = new_batch(completed_features=(1,))
    assert progress.complete(batch, 0, Evidence(), at=AT).current_index == 2


def test_a_feature_done_twice_is_counted_once_and_its_failure_forgotten() -> None:
    failed = progress.fail(new_batch(), 0, "no", Evidence(), at=AT)
    assert [one.error_message for one in failed.failed_features] == ["no"]
    done = progress.complete(failed, 0, Evidence(), at=AT)
    again = progress.complete(done, 0, Evidence(), at=AT)
    assert (again.completed_features, again.failed_features) == ((0,), ())


def test_a_failure_says_how_often_the_feature_was_tried_again() -> None:
    batch = new_batch(retry_attempts={0: 2})
    failed = progress.fail(progress.fail(batch, 0, "a", Evidence(), at=AT), 0, "b", Evidence(), at=AT)
    assert [(one.error_message, one.retry_count) for one in failed.failed_features] == [("b", 2)]


def test_the_next_check_has_to_run_as_many_tests_as_the_last() -> None:
    batch = new_batch(check=Check(command="pytest", tests=7))
    counted = progress.complete(batch, 0, Evidence(tests_after=9), at=AT)
    assert counted.check is not None
    assert counted.check.tests == 9
    assert progress.complete(batch, 0, Evidence(), at=AT).check == batch.check


def test_whatever_moves_the_batch_forgets_the_stalls() -> None:
    batch = new_batch(stalls=Stalls(blocks=2))
    for moved in (
        progress.complete(batch, 0, Evidence(), at=AT),
        progress.fail(batch, 0, "no", Evidence(), at=AT),
        progress.try_again(batch, 0, "no", at=AT, retries=1),
    ):
        assert moved.stalls is None


def test_what_git_did_is_put_beside_what_it_did_before() -> None:
    commit, push = Operation(success=True, timestamp=AT, sha="a"), Operation(success=False, timestamp=AT)
    batch = progress.with_operation(new_batch(), 0, "commit", commit)
    batch = progress.with_operation(batch, 0, "push", push)
    assert batch.git_operations == {0: {"commit": commit, "push": push}}
    assert batch.commit_of(0) == commit
    assert batch.commit_of(1) is None
