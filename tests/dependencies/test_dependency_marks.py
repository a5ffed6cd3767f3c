"""Marks: what a person writes where the words say too little or the wrong thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.dependencies.analysis import analyze
from batch_implement.dependencies.marks import Mark, read_marks
from batch_implement.sources.base import Feature

if TYPE_CHECKING:
    from batch_implement.dependencies.dependency import DependencyAnalysis

BATCH = ["Colours", "Fonts", "Login page", "Icons"]


def _marked(text: str) -> DependencyAnalysis:
    features = [
        Feature(text),
        *(Feature(other, issue_number=70 + at) for at, other in enumerate(BATCH[1:], 1)),
    ]
    return analyze(features)


@pytest.mark.parametrize(
    ("mark", "pairs"),
    [
        ("(after: 2)", {(0, 1)}),
        ("(after: 2, 4)", {(0, 1), (0, 3)}),
        ("(after 2 and 4)", {(0, 1), (0, 3)}),
        ("(After: 2-4)", {(0, 1), (0, 2), (0, 3)}),
        ("(requires #72)", {(0, 2)}),
        ("(depends on: #72, fonts)", {(0, 2), (0, 1)}),
        ("(needs: the login page)", {(0, 2)}),
        ("(before: login)", {(2, 0)}),
        ("(before: 4)", {(3, 0)}),
    ],
)
def test_a_mark_is_followed_and_is_its_own_evidence(mark: str, pairs: set[tuple[int, int]]) -> None:
    found = _marked(f"Colours {mark}")
    assert {(each.feature, each.on) for each in found.dependencies} == pairs
    assert {(each.kind, each.evidence, each.confidence) for each in found.dependencies} == {
        ("mark", mark, 1.0)
    }
    assert not found.notices


@pytest.mark.parametrize(
    ("need", "others"),
    [
        ("requires login", {2}),
        ("requires the login page", {2}),
        ("needs fonts and icons", {1, 3}),
        ("requires 2", {1}),
        ("requires feature 2 and issue 73", {1, 3}),
        ("depends on the icons, uses fonts", {1, 3}),
    ],
)
def test_a_need_in_brackets_is_stated_without_a_colon_too(need: str, others: set[int]) -> None:
    found = _marked(f"Colours ({need})")
    assert {(each.feature, each.on, each.kind) for each in found.dependencies} == {
        (0, on, "mark") for on in others
    }
    assert all(need in each.evidence for each in found.dependencies)
    assert not found.notices


@pytest.mark.parametrize("need", ["(requires login", "(requires login (see below))"])
def test_a_need_is_followed_up_to_the_next_bracket(need: str) -> None:
    (found,) = _marked(f"Colours {need}").dependencies
    assert (found.on, found.kind) == (2, "mark")


@pytest.mark.parametrize(
    ("need", "features", "on"),
    [
        ("--lines", ["Count characters", "Add an option --lines that counts lines"], 2),
        ("--lines", ["Words: --words", "Count lines with `--lines`"], 2),
        ("--lines", ["Print the number of lines (--lines)", "--words"], 1),
        ("--lines", ["--lines", "--words", "Explain --lines in the help text"], 1),
        ("-n", ["Option -m", "Option -n"], 2),
        ("the login page", ["Login endpoint", "Login page"], 2),
        ("login", ["Icons", "Let users log in"], 2),
        ("the API", ["Icons", "API for users"], 2),
        ("foo()", ["Icons", "Add foo() to the module"], 2),
        ("the useMetrics hook", ["Hook useFonts", "Write the hook useMetrics"], 2),
        ("config.toml", ["Icons", "Read config.toml"], 2),
        ("parser", ["CSV parser", "JSON parser", "XML parser"], 1),
    ],
)
def test_a_stated_need_finds_the_feature_that_makes_it_however_it_is_worded(
    need: str, features: list[str], on: int
) -> None:
    for text in (f"Summary (requires {need})", f"Summary (after: {need})"):
        found = analyze([Feature(text), *map(Feature, features)])
        assert [each.on for each in found.dependencies if each.feature == 0] == [on]
        assert not found.notices


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("(after: 9)", "names “9”"),
        ("(after: 0)", "names “0”"),
        ("(after: 1)", "names “1”"),  # itself
        ("(requires #4711)", "names “#4711”"),
        ("(before: teleporter)", "names “teleporter”"),
        ("(after: 2, 99)", "names “99”"),
        ("(after:)", "names nothing"),
        ("(after: , )", "names nothing"),
        ("(after: 2", "not closed"),
        ("(requires teleporter)", "names “teleporter”"),
        ("(requires --colour)", "names “--colour”"),
        ("(requires Python 3.12)", "names “Python 3.12”"),
        ("(needs login and a teleporter)", "names “a teleporter”"),
        ("(requires)", "names nothing"),
    ],
)
def test_a_mark_that_makes_no_sense_is_reported_with_the_feature_and_passed_over(
    mark: str, said: str
) -> None:
    (notice,) = _marked(f"Colours {mark}").notices
    assert notice.startswith("Feature 1: ")
    assert said in notice


@pytest.mark.parametrize(
    "text",
    [
        "Retry (after 3 attempts)",
        "Wait (before closing)",
        "Run (independent mode)",
    ],
)
def test_ordinary_words_in_brackets_are_no_mark(text: str) -> None:
    assert read_marks(text).marks == ()
    assert read_marks(text).problems == ()
    assert read_marks(text).text == text


def test_an_independent_feature_waits_for_nothing_whatever_its_words_say() -> None:
    assert _marked("Colours of the login page, needs fonts (independent)").dependencies == ()
    (found,) = _marked("Colours of the login page (independent) (after: 2)").dependencies
    assert (found.feature, found.on) == (0, 1)


def test_a_mark_is_taken_out_of_the_text_that_is_read_for_words() -> None:
    assert read_marks("Fonts (after: 2, #7) and icons").text.split() == ["Fonts", "and", "icons"]
    assert read_marks("x (after: 2, #7)").marks == (Mark("after", ("2", "#7"), "(after: 2, #7)"),)


@given(st.text(alphabet="()after: befoindpt#,-2 9\0\n&", max_size=80))
def test_any_text_can_be_read_for_marks(text: str) -> None:
    for mark in read_marks(text).marks:
        assert mark.direction in {"after", "before", "independent"}
        assert mark.text in text or mark.text.endswith("…")


def test_marks_that_ask_for_every_feature_many_times_over_are_bounded_and_said() -> None:
    features = [Feature("Part (after: 1-200) (after: 9999)" + " (after: 2-199)" * 20) for _ in range(200)]
    found = analyze(features)
    assert len(found.dependencies) <= 20_000
    assert "More than 20000 dependencies are marked" in found.notices[-1]
    assert len(found.notices) <= 100


@pytest.mark.parametrize(
    ("mark", "right"),
    [
        ("(afer: 2)", "(after: 2)"),
        ("(afer 2)", "(after 2)"),
        ("(requries: 2)", "(requires: 2)"),
        ("(Beofre: login)", "(before: login)"),
        ("(depend on: 2)", "(depends on: 2)"),
        ("(independant)", "(independent)"),
    ],
)
def test_a_misspelt_mark_is_told_with_the_one_it_is_like(mark: str, right: str) -> None:
    found = _marked(f"Colours {mark}")
    assert found.notices == (f"Feature 1: “{mark}” is no mark; “{right}” would be one; it was passed over.",)
    assert not any(dependency.kind == "mark" for dependency in found.dependencies)


@pytest.mark.parametrize(
    "words", ["(later: 2)", "(note: 2)", "(afterwards)", "(needed by nobody)", "(version: 2)", "(e.g. fonts)"]
)
def test_other_words_in_brackets_are_not_told(words: str) -> None:
    assert _marked(f"Colours {words}").notices == ()


def test_in_a_batch_of_several_files_a_position_counts_in_its_own_file() -> None:
    found = analyze(
        [
            Feature("Colours", origin="a.txt:1"),
            Feature("Fonts", origin="a.txt:2"),
            Feature("Icons", origin="b.txt:1"),
            Feature("Sounds (after: 1)", origin="b.txt:2"),
            Feature("Smells (after: 1-2)", origin="b.txt:3"),
        ]
    )
    assert [(one.feature, one.on) for one in found.dependencies] == [(3, 2), (4, 2), (4, 3)]


def test_nothing_waits_for_what_is_left_out_and_the_rest_is_counted_anew() -> None:
    features = [Feature("Colours"), Feature("Fonts (after: 1)"), Feature("Icons (after: 2)")]
    found = analyze(features, left_out={0})
    assert [(one.feature, one.on) for one in found.dependencies] == [(1, 0)]
    assert found.order == (0, 1)
    assert found.notices == ()
