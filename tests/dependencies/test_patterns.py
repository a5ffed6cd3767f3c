"""No text can make a pattern of dependency analysis run away."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.dependency_speed import patterns

try:
    from re import _constants as constants  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # before Python 3.11
    import sre_constants as constants
    import sre_parse as parser

FOUND = dict(patterns())
_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT}


def _runs_away(items: list[tuple[Any, Any]]) -> bool:
    """Whether something that may fail follows an unbounded repeat, or one is inside another.

    Only then can a search try the same characters more than a bounded number of times.
    """
    for at, (operation, argument) in enumerate(items):
        if operation in _REPEATS and argument[1] == constants.MAXREPEAT:
            rest = parser.SubPattern(parser.State(), list(items[at + 1 :]))
            if _repeats(argument[2]) or rest.getwidth()[0] > 0 or _asserts(items[at + 1 :]):
                return True
        elif any(_runs_away(list(part)) for part in _parts(operation, argument)):
            return True
    return False


def _parts(operation: Any, argument: Any) -> list[Any]:
    if operation in _REPEATS:
        return [argument[2]]
    if operation is constants.SUBPATTERN:
        return [argument[-1]]
    return argument[1] if operation is constants.BRANCH else []


def _repeats(items: Any) -> bool:
    return any(operation in _REPEATS for operation, _ in items)


def _asserts(items: list[tuple[Any, Any]]) -> bool:
    return any(operation in {constants.AT, constants.ASSERT, constants.ASSERT_NOT} for operation, _ in items)


def test_the_patterns_of_dependency_analysis_are_found() -> None:
    assert {"words._TOKEN", "marks._MARK"} <= FOUND.keys()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_pattern_never_has_to_go_back_over_what_it_read(name: str) -> None:
    assert not _runs_away(list(parser.parse(FOUND[name].pattern, FOUND[name].flags)))


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"a*b", r"\w+\Z", r"(?:x|a*)?c*d", r"(?:a+,)*"])
def test_the_check_knows_a_pattern_that_runs_away(pattern: str) -> None:
    assert _runs_away(list(parser.parse(pattern)))
