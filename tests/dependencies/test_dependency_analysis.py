"""What counts as a dependency, what does not, and how sure we are of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch_implement.dependencies.analysis import analyze
from batch_implement.dependencies.dependency import Dependency, DependencyAnalysis
from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES
from batch_implement.sources.base import Feature

_LIBRARY = Path(__file__).resolve().parents[2] / "lib"


def _analysis(*texts: str) -> DependencyAnalysis:
    return analyze([Feature(text) for text in texts])


def _pairs(*texts: str) -> set[tuple[int, int]]:
    return {(found.feature, found.on) for found in _analysis(*texts).dependencies}


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Add invoices, requires the tax table", "requires the tax table"),
        ("Invoices, depends on tax table", "depends on tax table"),
        ("Invoices after the tax table", "after the tax table"),
        ("Invoices. Uses the tax table", "Uses the tax table"),
        ("Invoices need the tax tables", "need the tax tables"),
        ("Build the invoices on top of the tax table", "top of the tax table"),
    ],
)
def test_a_keyword_makes_a_dependency_and_is_its_evidence(text: str, evidence: str) -> None:
    (found,) = _analysis(text, "Add tax table").dependencies
    assert found == Dependency(0, 1, "keyword", evidence, found.confidence)
    assert 0.5 < found.confidence < 1


def test_before_points_the_other_way() -> None:
    assert _pairs("Harden sessions before the login page", "Login page") == {(1, 0)}


@pytest.mark.parametrize(
    "text",
    [
        "After login, redirect to the page they came from",
        "Before login, show the cookie banner",
        "Ask for the password before showing it",
        "Close the connection before exit",
        "Retry after 5 seconds",
        "Use the system font",
        "Require HTTPS in production",
        "Needs a better error message",
        "Work without login",
    ],
)
def test_a_keyword_that_tells_of_an_event_is_no_dependency(text: str) -> None:
    assert _pairs("Add login", "Add password reset", text) == set()


def test_words_that_every_feature_shares_are_no_evidence() -> None:
    assert not _pairs(
        "Add Falcon to the compose file",
        "Add support for Falcon plugins",
        "Make Falcon log to stdout",
        "Add a man page for Falcon",
        "Falcon themes",
    )


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("Add tests for the parser", "test-of"),
        ("parser tests", "test-of"),
        ("Fuzz the parser", "test-of"),
        ("Test parsing of empty input", "test-of"),
        ("Document the parser", "docs-of"),
        ("Write a tutorial for the parser", "docs-of"),
    ],
)
def test_what_tests_or_describes_a_thing_comes_after_the_thing(check: str, kind: str) -> None:
    (found,) = _analysis(check, "Lexer", "Parser").dependencies
    assert (found.feature, found.on, found.kind) == (0, 2, kind)


LOGINS = ("Add a login form with e-mail and password", "Add a login endpoint", "Add login limits")


@pytest.mark.parametrize(
    "about", ["Add tests for the login form", "Test the login form", "Write docs for the login form"]
)
def test_tests_for_a_thing_need_the_feature_that_makes_it_however_many_speak_of_it(about: str) -> None:
    found = _analysis(*LOGINS, about)
    assert [(one.feature, one.on) for one in found.dependencies if one.feature == 3] == [(3, 0)]
    early = _analysis(about, *LOGINS)
    assert early.order == (1, 0, 2, 3)


def test_a_file_that_two_features_name_keeps_them_in_the_order_given() -> None:
    (found,) = _analysis("Split src/io.py in two", "Log slow reads in src/io.py").dependencies
    assert (found.feature, found.on, found.kind) == (1, 0, "file")
    assert "src/io.py" in found.evidence


def test_a_link_the_source_knows_is_a_dependency_that_is_certain() -> None:
    features = [Feature("Colours", depends_on=(1,)), Feature("Fonts", depends_on=(1, 7, -1))]
    assert analyze(features).dependencies == (Dependency(0, 1, "link", "linked issue", 1.0),)


def test_an_issue_number_after_a_keyword_means_the_feature_of_that_issue() -> None:
    features = [
        Feature("Issue #73: Link accounts, blocked by #72 and #71", issue_number=73),
        Feature("Issue #72: OAuth", issue_number=72),
        Feature("Issue #71: Sessions (fixes #73)"),
    ]
    found = analyze(features)
    assert {(each.feature, each.on) for each in found.dependencies} == {(0, 1), (0, 2)}
    assert found.order == (1, 2, 0)


def test_what_somebody_wrote_outdoes_what_the_words_say() -> None:
    (found,) = _analysis("Parser (before: lexer)", "Lexer that needs the parser").dependencies
    assert (found.feature, found.on, found.kind) == (1, 0, "mark")
    (found,) = _analysis("Parser (after: 2)", "Lexer that uses the parser").dependencies
    assert (found.feature, found.on, found.kind) == (0, 1, "mark")


def test_only_the_features_of_a_cycle_keep_their_order_and_the_rest_is_still_ordered() -> None:
    found = _analysis(
        "Report (after: 2)",
        "Totals (after: 3)",
        "Sums (after: 2)",
        "Mailer (after: 5)",
        "Queue (independent)",
    )
    assert found.order == (1, 2, 0, 4, 3)
    (cycle,) = found.cycles
    assert cycle.features == (1, 2)
    assert cycle.evidence == ("(after: 3)", "(after: 2)")


def test_a_circle_is_named_with_the_words_that_make_it() -> None:
    (cycle,) = _analysis("Feature A (requires B)", "Feature B (requires C)", "Feature C (requires A)").cycles
    assert cycle.features == (0, 1, 2)
    assert cycle.evidence == ("requires B", "requires C", "requires A")


def test_the_words_are_read_only_when_an_analysis_is_made() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(_LIBRARY)!r})\n"
        "import batch_implement.engine.batch_plan\n"
        "from batch_implement.dependencies.english.vocabulary import vocabulary\n"
        "print(vocabulary.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "0"


def test_over_the_time_limit_the_given_order_is_used_and_said() -> None:
    ticks = iter(range(100))
    found = analyze(
        [Feature(f"Part {at} (after: 9)") for at in range(9)], clock=lambda: next(ticks), timeout=3
    )
    assert found.timed_out
    assert found.order == tuple(range(9))
    assert found.dependencies == ()
    assert "more than 3 seconds" in found.notices[0]


def test_a_clock_that_stands_still_never_times_out() -> None:
    assert not analyze([Feature("a"), Feature("b")], clock=lambda: 0.0, timeout=0).timed_out


def test_more_features_than_a_batch_can_hold_are_refused_with_the_number() -> None:
    with pytest.raises(PlanError, match="1001 features"):
        analyze([Feature("x")] * (MAX_FEATURES + 1))


def test_what_is_beyond_ten_thousand_characters_is_not_read() -> None:
    assert not _pairs("Colours " + "x" * MAX_FEATURE_LENGTH + " (requires fonts)", "Fonts")


_PIECES = (
    *("(", ")", ":", ",", ".", "#", "`", "\0", "..", "../etc/passwd", "\u202e", "\x1b[0m", "#1", "1", "2-9"),
    *(
        "(after:",
        "(before:",
        "(requires",
        "(independent)",
        "requires",
        "before",
        "after",
        "uses",
        "and",
        "for",
    ),
    *("load", "the", "login", "parser", "tests", "page", "Add", "fix.py", "--flag", "e-mail"),
)
_TEXT = st.text(max_size=60) | st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join)


@settings(deadline=None)
@given(st.lists(_TEXT, max_size=12))
def test_any_texts_give_an_order_of_all_features_that_respects_the_dependencies(texts: list[str]) -> None:
    found = _analysis(*texts)
    assert sorted(found.order) == list(range(len(texts)))
    assert found == _analysis(*texts)
    circular = {feature for cycle in found.cycles for feature in cycle.features}
    place = {feature: at for at, feature in enumerate(found.order)}
    for each in found.dependencies:
        assert each.feature != each.on
        assert 0 < each.confidence <= 1
        assert each.evidence
        assert place[each.on] < place[each.feature] or circular


@pytest.mark.parametrize("piece", ["(after: ", "and load ", "a and ", "log and ", "`x", "a-", "A ", "x.py "])
def test_a_feature_of_ten_thousand_hostile_characters_is_read(piece: str) -> None:
    text = (piece * MAX_FEATURE_LENGTH)[:MAX_FEATURE_LENGTH]
    assert _analysis(text, "Login", text).order
