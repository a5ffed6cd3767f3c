"""Of a long output a person, and the agent that mends it, read what failed, without terminal sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.system.text.excerpt import last_words, what_failed

RED, PLAIN = "\033[31;1m", "\033[0m"
PYTEST = "\n".join(
    [
        *(f"tests/test_{number}.py::test_error_handling PASSED [ {number}%]" for number in range(80)),
        f"{RED}E       assert 4 == 5{PLAIN}",
        f"{RED}E        +  where 4 = total([2, 2]){PLAIN}",
        *(f"line {number} of what it printed" for number in range(80)),
        f"FAILED {RED}tests/test_sum.py::test_total{PLAIN} - assert 4 == 5",
        "1 failed, 80 passed in 0.10s",
    ]
)


def test_a_short_output_is_all_there_without_its_colours() -> None:
    assert what_failed(f"\n{RED}boom{PLAIN}\r\n\n", 100) == "boom"


def test_of_a_long_one_what_failed_is_there_and_what_passed_is_not() -> None:
    said = what_failed(PYTEST, 600)
    assert said.splitlines() == [
        "…",
        "E       assert 4 == 5",
        "E        +  where 4 = total([2, 2])",
        "line 0 of what it printed",
        "…",
        "line 77 of what it printed",
        "line 78 of what it printed",
        "line 79 of what it printed",
        "FAILED tests/test_sum.py::test_total - assert 4 == 5",
        "1 failed, 80 passed in 0.10s",
    ]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            PYTEST,
            "…FAILED tests/test_sum.py::test_total - assert 4 == 5 1 failed, 80 passed in 0.10s",
        ),
        ("1\n2\nboom", "1 2 boom"),
        ("", ""),
    ],
)
def test_in_one_line_it_is_the_last_words_that_tell(output: str, words: str) -> None:
    assert last_words(output, 85) == words


@given(st.text(max_size=3_000), st.integers(1, 500))
def test_it_is_never_longer_than_asked_for_and_has_no_terminal_sequence(output: str, limit: int) -> None:
    for said in (what_failed(output, limit), last_words(output, limit).removeprefix("…")):
        assert len(said) <= limit
        assert "\033" not in said
