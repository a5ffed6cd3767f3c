"""What a run on the tree to be committed says, beside the check's run on the working files."""

from __future__ import annotations

import pytest

from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome
from batch_implement.proof.second_look.committed import Committed, of_tree
from batch_implement.proof.second_look.rehearsal import Rehearsed

PASSED, FAILED, SKIPPED = TestOutcome.PASSED, TestOutcome.FAILED, TestOutcome.SKIPPED
FAILS = "1 failed"


def _results(**outcomes: TestOutcome) -> Results:
    return Results(tuple(NamedTest(name, outcome) for name, outcome in outcomes.items()))


def _ran(results: Results, status: int = 0, *, timed_out: bool = False) -> Rehearsed:
    return Rehearsed(results, (status,), FAILS, timed_out)


HERE = _results(a=PASSED, b=PASSED)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (_ran(HERE), Committed(True)),
        (_ran(_results(a=PASSED), 0), Committed(False, ("b",), output=FAILS)),
        (_ran(_results(a=PASSED, b=SKIPPED), 0), Committed(False, ("b",), output=FAILS)),
        (_ran(_results(a=PASSED, b=FAILED), 1), Committed(False, ("b",), output=FAILS)),
        # A linter beside the tests.
        (_ran(HERE, 1), Committed(False, output=FAILS)),
        (_ran(_results(a=PASSED, b=PASSED, c=PASSED)), Committed(True, more=frozenset("c"))),
        (_ran(_results(a=PASSED, b=PASSED, c=FAILED), 1), Committed(False, ("c",), output=FAILS)),
        (_ran(Results(), 2), Committed(False, output=FAILS)),
        (_ran(HERE, timed_out=True), None),
    ],
)
def test_every_test_that_passes_here_passes_there(there: Rehearsed, said: Committed | None) -> None:
    assert of_tree(HERE, there) == said


def test_what_fails_in_any_other_folder_says_nothing() -> None:
    there = _ran(_results(a=PASSED, b=FAILED), 1)
    assert of_tree(HERE, there, unlike=("b",)) == Committed(True)


@pytest.mark.parametrize(("passed", "status", "is_enough"), [(2, 0, True), (1, 0, False), (2, 1, False)])
def test_without_names_as_many_have_to_pass(passed: int, status: int, is_enough: bool) -> None:
    here = Results(counted=((PASSED, 2),))
    said = of_tree(here, _ran(Results(counted=((PASSED, passed),)), status))
    assert said is not None
    assert said.passed == is_enough


def test_of_a_check_without_tests_the_exit_status_counts() -> None:
    assert of_tree(None, _ran(Results())) == Committed(True)
