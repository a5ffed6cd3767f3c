"""Other people's text never moves a cursor, hides a word or breaks a line."""

from __future__ import annotations

import pytest

from batch_implement.system.text.cleaning import clean_block, code_span, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Add   login\t", "Add login"),
        ("Add\nlogin\r\nnow", "Add login now"),
        ("Add\u2028login\u2029now\x85.", "Add login now ."),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\rest", "rest"),
        ("a\x1b", "a"),
        ("a\x00b\x7fc\x9b2J", "abc2J"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("tags \U000e0041\U000e0042", "tags"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\ud800lone", "lone"),
        ("👩\u200d💻 ne\u200cno ünï ☃", "👩\u200d💻 ne\u200cno ünï ☃"),
        ("", ""),
    ],
)
def test_a_line_shows_what_it_says(text: str, shown: str) -> None:
    assert one_line(text, 100) == shown


def test_a_long_line_is_cut_with_a_mark() -> None:
    assert one_line("x" * 50, 10) == "xxxxxxxxx…"


def test_a_block_keeps_lines_and_tabs() -> None:
    assert clean_block("a\r\n\tb  \rc\x0bd\u202e\x1b[1m!") == "a\n\tb\nc\nd!"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("@team see #1", "`@team see #1`"),
        ("a `b` c", "``a `b` c``"),
        ("`a``", "``` `a`` ```"),
        ("", "`  `"),
        ("a\n\nb", "`a b`"),
    ],
)
def test_a_code_span_can_not_be_left(text: str, span: str) -> None:
    assert code_span(text, 100) == span
