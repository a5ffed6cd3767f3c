"""Untrusted text is one harmless line before it is kept or shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.shortening import shorten


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Add login", "Add login"),
        ("  Add \t login\n", "Add login"),
        ("Add\r\nlogin\x0b\x0c\x85\u2028\u2029now", "Add login now"),
        ("Add \x1b[31mred\x1b[0m", "Add red"),
        ("user \u202egnp.exe\u202c \u2066x\u2069", "user gnp.exe x"),
        ("zero\u200bwidth \ufeffmark", "zerowidth mark"),
        ("half \ud800 a pair", "half a pair"),
        ("family 👨\u200d👩\u200d👧, क्\u200cष", "family 👨\u200d👩\u200d👧, क्\u200cष"),
        ("Grüße 世界 ✔", "Grüße 世界 ✔"),
        ("private \ue000 use", "private use"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_harmless_line(text: str, line: str) -> None:
    assert one_line(text, 1000) == line


@given(st.text())
def test_no_text_keeps_what_a_terminal_or_a_log_would_obey(text: str) -> None:
    line = one_line(text, 10_000)
    kinds = {unicodedata.category(letter) for letter in line if letter not in "\u200c\u200d"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert line.splitlines() in ([], [line])
    assert one_line(line, 10_000) == line
    line.encode("utf-8")


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert short == text if len(text) <= length else short.endswith("…")
