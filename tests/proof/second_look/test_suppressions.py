"""Suppressions are found in every language's comments, and taken out without moving a line."""

from __future__ import annotations

import pytest

from batch_implement.proof.second_look.suppressions import new_suppressions, without_new


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("x = 1  # noqa: E501", "x = 1"),
        ("x = 1  # why  # type: ignore[attr-defined]", "x = 1"),
        ('x = "noqa"  # noqa', 'x = "noqa"'),
        ("def f():  # pragma: no cover", "def f():"),
        ("let x = 1; // eslint-disable-line no-var", "let x = 1;"),
        ("/* eslint-disable */ let x;", " let x;"),
        ("/* istanbul ignore next\n because */\nf()", "\n\nf()"),
        ("#[allow(dead_code)]\nfn f() {}", "\nfn f() {}"),
        ('@SuppressWarnings("x")\nvoid f();', "\nvoid f();"),
        ("select 1 -- noqa", "select 1"),
    ],
)
def test_what_is_new_is_seen_and_taken_out(line: str, without: str) -> None:
    assert len(new_suppressions("", line)) == 1
    assert without_new("", line) == without


@pytest.mark.parametrize(
    "text",
    ['print("noqa")', "x = 1  # a word like noqaly", "# " + "x" * 300 + " noqa", "/* a comment */", "}"],
)
def test_what_is_none_stays(text: str) -> None:
    assert new_suppressions("", text) == ()
    assert without_new("", text) == text


def test_one_that_was_there_before_stays_where_it_went() -> None:
    before, after = "a  # noqa\n", "b\na   # noqa\nc  # noqa\n"
    assert new_suppressions(before, after) == ("# noqa",)
    assert without_new(before, after) == "b\na   # noqa\nc\n"
