"""What two runs say about each other: what was lost, what failed, what is new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.proof.results.comparison import Loss, added, failed, lost
from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome, together

PASSED, FAILED, ERROR, SKIPPED, EXPECTED, UNEXPECTED = TestOutcome


def _named(*tests: tuple[str, TestOutcome], **more: str) -> Results:
    return Results(tuple(NamedTest(name, outcome) for name, outcome in tests), **more)  # type: ignore[arg-type]


def _counted(*counts: tuple[TestOutcome, int]) -> Results:
    return Results(counted=counts)


BEFORE = _named(("a", PASSED), ("b", PASSED), ("c", FAILED), ("d", SKIPPED))


@pytest.mark.parametrize("outcome", [FAILED, ERROR, SKIPPED, EXPECTED, UNEXPECTED])
def test_a_test_that_passed_and_does_not_is_lost(outcome: TestOutcome) -> None:
    after = _named(("a", PASSED), ("b", outcome))
    assert lost(BEFORE, after) == (Loss("b", 1, outcome),)


def test_a_test_that_is_gone_is_lost() -> None:
    assert lost(BEFORE, _named(("a", PASSED))) == (Loss("b", 1, None),)


def test_what_did_not_pass_before_is_no_loss() -> None:
    assert lost(BEFORE, _named(("a", PASSED), ("b", PASSED))) == ()


def test_the_order_does_not_matter() -> None:
    assert lost(BEFORE, Results(BEFORE.tests[::-1])) == ()


def test_of_two_with_one_name_one_may_be_lost() -> None:
    before = _named(("a", PASSED), ("a", PASSED), ("b", PASSED))
    assert lost(before, _named(("a", PASSED), ("b", PASSED))) == (Loss("a", 1, None),)
    assert lost(before, _named(("a", PASSED), ("a", SKIPPED), ("b", PASSED))) == (Loss("a", 1, SKIPPED),)


def test_a_new_test_is_added_and_one_that_was_skipped_before_is_not() -> None:
    after = _named(("a", PASSED), ("d", PASSED), ("e", FAILED), ("a", PASSED))
    assert added(BEFORE, after) == (NamedTest("e", FAILED), NamedTest("a", PASSED))


def test_by_numbers_alone_a_pass_that_became_a_skip_is_lost() -> None:
    before, after = _counted((PASSED, 5), (SKIPPED, 1)), _counted((PASSED, 3), (SKIPPED, 2))
    assert lost(before, after) == (Loss("", 1, SKIPPED), Loss("", 1, None))
    assert lost(after, before) == ()
    assert added(before, after) == ()


def test_by_numbers_alone_a_new_pass_makes_up_for_no_skip() -> None:
    before, after = _counted((PASSED, 5)), _counted((PASSED, 5), (SKIPPED, 1))
    assert lost(before, after) == (Loss("", 1, SKIPPED),)


def test_what_is_named_is_compared_by_name_beside_what_is_counted() -> None:
    before = together(_named(("a", PASSED), ("b", PASSED)), _counted((PASSED, 5)))
    after = together(_named(("a", PASSED), ("c", PASSED)), _counted((PASSED, 6)))
    assert lost(before, after) == (Loss("b", 1, None),)


def test_a_report_that_was_missing_before_too_takes_no_name_away() -> None:
    before = _named(("a", PASSED), ("b", PASSED), missing=("mocha",))
    after = _named(("a", PASSED), ("c", PASSED), missing=("mocha",))
    assert lost(before, after) == (Loss("b", 1, None),)


def test_a_report_that_is_missing_leaves_the_numbers() -> None:
    before = _named(("a", PASSED), ("b", PASSED))
    after = Results(counted=((PASSED, 2),), missing=("pytest",))
    assert lost(before, after) == ()
    assert lost(before, Results(missing=("pytest",))) == (Loss("", 2, None),)


def test_failures_are_seen_by_name_and_by_number() -> None:
    results = together(
        _named(("a", FAILED), ("b", ERROR), ("c", UNEXPECTED)), _counted((FAILED, 2), (PASSED, 9))
    )
    assert failed(results) == (
        NamedTest("a", FAILED),
        NamedTest("b", ERROR),
        NamedTest("", FAILED),
        NamedTest("", FAILED),
    )
    assert results.failures == 4
    assert results.total == 14
    assert not results.by_name


def test_the_steps_of_a_check_are_one_result() -> None:
    first = _named(("a", PASSED), cut_off="stopped")
    second = Results((NamedTest("b", PASSED),), missing=("jest",))
    both = together(first, second)
    assert (both.cut_off, both.missing, both.total) == ("stopped", ("jest",), 2)


_RESULTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(TestOutcome))), max_size=8).map(
    lambda tests: _named(*tests)
)


@given(_RESULTS, _RESULTS)
def test_every_pass_of_before_is_kept_or_lost(before: Results, after: Results) -> None:
    if before.by_name and after.by_name:
        losses = lost(before, after)
        assert sum(loss.number for loss in losses) >= before.counts[PASSED] - after.counts[PASSED]
        assert all(loss.number > 0 for loss in losses)
    assert lost(before, before) == ()
