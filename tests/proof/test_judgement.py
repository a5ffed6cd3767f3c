"""What a run of the check says: a failed test fails it, and less than before is named."""

from __future__ import annotations

import pytest

from batch_implement.model.named_tests import LostTest
from batch_implement.model.refusals import FewerTests, LostTests, SilentRunners
from batch_implement.proof.check_steps import CheckResult
from batch_implement.proof.judgement import failure, weaker
from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome

PASSED, FAILED, ERROR, SKIPPED, EXPECTED, UNEXPECTED = TestOutcome


def _named(*missing: str, **tests: TestOutcome) -> Results:
    return Results(tuple(NamedTest(name, outcome) for name, outcome in tests.items()), missing=missing)


def _result(results: Results | None, exit_code: int = 0) -> CheckResult:
    return CheckResult(exit_code, timed_out=False, seconds=1.0, output="…", results=results)


def _failed(results: Results | None, exit_code: int = 0, before: Results | None = None) -> tuple[str, ...]:
    found = failure(1, "make test", _result(results, exit_code), before)
    assert found is not None
    return found.failed


BEFORE = _named(a=PASSED, b=PASSED, c=SKIPPED)


def test_a_check_without_tests_fails_by_its_exit_status() -> None:
    assert failure(1, "make lint", _result(None), None) is None
    assert _failed(None, 1) == ()


@pytest.mark.parametrize("outcome", [FAILED, ERROR])
def test_a_failed_test_fails_the_check_whatever_its_exit_status_says(outcome: TestOutcome) -> None:
    assert _failed(_named(a=PASSED, b=outcome)) == ("b",)
    assert _failed(_named(a=PASSED, b=outcome), 1) == ("b",)


def test_a_counted_failure_fails_the_check_unless_it_was_counted_before() -> None:
    after = Results(counted=((PASSED, 2), (FAILED, 1)))
    assert _failed(after) == ()
    assert failure(1, "make test", _result(after), after) is None


def test_a_run_that_ended_before_its_last_test_has_failed_unless_it_always_does() -> None:
    after = Results((NamedTest("a", PASSED),), cut_off="pytest ended in the middle of its tests")
    found = failure(1, "make test", _result(after), BEFORE)
    assert found is not None
    assert found.cut_off == after.cut_off
    assert failure(1, "make test", _result(after), after) is None


def test_as_much_as_before_and_more_is_well() -> None:
    assert weaker(1, "make test", BEFORE, _named(a=PASSED, b=PASSED, c=PASSED, d=SKIPPED)) is None


@pytest.mark.parametrize("outcome", [SKIPPED, EXPECTED, UNEXPECTED])
def test_a_test_that_shows_nothing_any_more_is_lost_whatever_is_new(outcome: TestOutcome) -> None:
    after = _named(a=PASSED, b=outcome, d=PASSED, e=PASSED)
    assert weaker(1, "make test", BEFORE, after) == LostTests(
        number=1, command="make test", tests=(LostTest(name="b", became=outcome.value),)
    )


def test_a_test_that_is_gone_is_lost_when_fewer_pass() -> None:
    assert weaker(1, "make test", BEFORE, _named(a=PASSED, c=PASSED)) is None
    assert weaker(1, "make test", BEFORE, _named(a=PASSED)) == LostTests(
        number=1, command="make test", tests=(LostTest(name="b"),)
    )


def test_fewer_passes_are_seen_where_nothing_has_a_name() -> None:
    before, after = Results(counted=((PASSED, 3),)), Results(counted=((PASSED, 3), (SKIPPED, 1)))
    assert weaker(1, "make test", before, before) is None
    assert weaker(1, "make test", before, after) == FewerTests(
        number=1, command="make test", before=3, after=3, skipped=1
    )
    assert weaker(1, "make test", before, None) == FewerTests(number=1, command="make test", before=3)


def test_a_runner_that_no_longer_tells_its_tests_is_named() -> None:
    after = Results(counted=((PASSED, 9),), missing=("pytest",))
    assert weaker(1, "make test", BEFORE, after) == SilentRunners(
        number=1, command="make test", runners=("pytest",)
    )


def test_a_runner_that_is_only_expected_takes_nothing_away() -> None:
    assert weaker(1, "make test", BEFORE, _named("mocha", a=PASSED, b=PASSED, c=SKIPPED)) is None


def test_numbers_of_before_are_enough_for_what_has_names_now() -> None:
    before = Results(counted=((PASSED, 2), (SKIPPED, 1)))
    assert weaker(1, "make test", before, BEFORE) is None
    assert isinstance(weaker(1, "make test", before, _named(a=PASSED, b=SKIPPED, c=SKIPPED)), FewerTests)
