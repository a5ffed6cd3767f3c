"""What a person has to hear of the proofs stands above what is done."""

from __future__ import annotations

from tests.presentation.examples import a_batch

from batch_implement.model.evidence import ChangedExpectation, Evidence
from batch_implement.presentation.report import render_report


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
