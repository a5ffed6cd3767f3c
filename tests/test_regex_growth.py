"""No pattern of the package can be made to run away by what it is matched against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.regex_growth import all_patterns, dangers

if TYPE_CHECKING:
    import re

PATTERNS = dict.fromkeys(all_patterns())


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_a_pattern_takes_linear_time(name: str, pattern: re.Pattern[str]) -> None:
    assert dangers(pattern.pattern, pattern.flags) == [], name


def test_the_patterns_are_found() -> None:
    names = [name for name, _ in PATTERNS]
    assert "system.text.secrets._LOOSE" in names
    assert sum(name.endswith(".RULES") for name in names) > 20


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        r"(?:\w*)*x",
        r"(\d+|\w+)*$",
        r"\s+$",
        r"a.*b.*c",
        r"\w+\w+!",
        r"[a-z]+@",
        r"(?:a+){1,5}b",
        r"x?\w+:",
    ],
)
def test_a_pattern_that_runs_away_is_seen(pattern: str) -> None:
    assert dangers(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"\w+", r"^\w+:", r"\b\w+:", r"(?<!\w)\w+:", r'"[^"]*"?', r"key=\S+", r"(?:\w+\.){0,8}x$", "a{1,40}b"],
)
def test_a_pattern_that_cannot_is_let_through(pattern: str) -> None:
    assert dangers(pattern) == []
