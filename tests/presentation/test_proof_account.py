"""What a person has to hear of the proofs stands above what is done."""

from __future__ import annotations

from tests.presentation.examples import a_batch

from batch_implement.model.attempt import Attempt, Proof
from batch_implement.model.evidence import ChangedExpectation, Evidence, Failure
from batch_implement.presentation.report import render_report
from batch_implement.presentation.review_order import review_order


def _report(**fields: object) -> str:
    evidence = Evidence(check="make test", commit="c" * 40, **fields)  # type: ignore[arg-type]
    return render_report(a_batch(completed_features=(0,), evidence={0: evidence}))


def test_a_changed_expectation_comes_first_with_its_lines() -> None:
    changed = ChangedExpectation(test="test_a.py::test_b", why="another total", diff="test_a.py\n- 1\n+ 2")
    report = _report(changed=(changed,), kind="feature", shown_by=("test_a.py::test_b",))
    section = report[report.index("## Changed expectations") : report.index("## Done")]
    assert "- 1. Greet the user: test_a.py::test_b — another total" in section
    assert "  ```diff\n  test_a.py\n  - 1\n  + 2\n  ```" in section
    assert "shown by test_a.py::test_b" in report


def test_what_a_proof_does_not_say_is_for_the_person_to_look_at() -> None:
    report = _report(kind="feature", unshown=True, looser=("a.py: # noqa", "mypy.ini"))
    section = report[report.index("## For you to look at") : report.index("## Done")]
    assert "- 1. Greet the user: no test shows this feature\n" in section
    assert "- 1. Greet the user: checked less strictly by a.py: # noqa; mypy.ini\n" in section


def test_that_nothing_was_changed_for_a_feature_is_told_with_the_reason_that_was_given() -> None:
    report = _report(no_change="it was there")
    section = report[report.index("## For you to look at") : report.index("## Done")]
    assert "- 1. Greet the user: nothing was changed for it, since it was there" in section


def test_what_needs_no_word_has_no_section() -> None:
    report = _report(kind="documentation", gone=("test_a.py::test_b",), by_reading="second runs are off")
    assert "## Changed" not in report
    assert "## For you" not in report
    assert "documentation only, which needs no test of its own" in report
    assert "tests compared by their lines only (second runs are off)" in report
    assert "gone, though their old versions pass: test_a.py::test_b" in report


def test_rows_of_one_test_have_their_lines_once() -> None:
    rows = (ChangedExpectation(test=f"t.py::t[{row}]", why="so", diff="t.py\n- 1\n+ 2") for row in "ab")
    report = _report(changed=tuple(rows))
    assert "t.py::t[a] — so\n- 1. Greet the user: t.py::t[b] — so\n\n  ```diff" in report
    assert report.count("```diff") == 1


def test_what_needs_a_person_is_not_to_be_tried_again() -> None:
    failure = Failure(
        feature_index=0, error_message="it can't be published", timestamp="2026-01-31T08:05:00Z"
    )
    for needs, is_advised in (("publish it", False), ("", True)):
        report = render_report(a_batch(failed_features=(failure,), evidence={0: Evidence(needs=needs)}))
        assert ("--resume --failed" in report) == is_advised


def test_a_reviewer_is_told_which_tests_show_it_and_which_are_gone() -> None:
    evidence = Evidence(shown_by=("t.py::new",), gone=("t.py::old",))
    attempt = Attempt(feature_index=0, number=1, started_at="", proof=Proof(evidence=evidence, tree="t"))
    order = review_order(a_batch(open_attempts={0: attempt}), 0)
    assert "Tests that are gone, and whose old version passes: t.py::old\n" in order
    assert "Tests that fail without the change: t.py::new\n" in order
