"""The same failure is known again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.recovery.failure import FailureFacts
from batch_implement.recovery.signature import failure_signature


def _signature(message: str, source: str = "check") -> str:
    return failure_signature(FailureFacts(source, message))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ValueError: bad value 17", "ValueError: bad value 4711"),
        ("FileNotFoundError: '/tmp/a1/x.json'", "FileNotFoundError: '/var/tmp/pytest-7/y.json'"),
        ("src/a.py:10: error: incompatible", "src/a.py:99: error: incompatible"),
        ("object at 0x7f36b9fae490 is gone", "object at 0x7fffffffffff is gone"),
        ("cannot read commit 3f2a9c1d5e6b", "cannot read commit aaaaaaaa1234"),
        ("request to https://a.example/x failed", "request to https://b.example:8080/y?z=1 failed"),
        ("id 123e4567-e89b-12d3-a456-426614174000 lost", "id 00000000-e89b-12d3-a456-426614174fff lost"),
        ("Connection reset", "connection   RESET"),
        ("lost in ./build/out.o", "lost in ../other/build/out.o"),
    ],
)
def test_numbers_and_paths_make_no_difference(one: str, other: str) -> None:
    assert _signature(one) == _signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ValueError: bad value", "KeyError: bad value"),
        ("No module named 'requests'", "No module named 'httpx'"),
        ("assert left == right", "assert left != right"),
        ("the facade is dead", "the decade is faced"),
    ],
)
def test_other_words_are_another_failure(one: str, other: str) -> None:
    assert _signature(one) != _signature(other)


def test_another_source_is_another_failure() -> None:
    assert _signature("it failed", "git") != _signature("it failed", "gh")


def test_what_a_test_printed_makes_no_difference() -> None:
    report = (
        "___ test_x ___\nE   ValueError: bad\n----- Captured stdout call -----\n{}\n"
        "FAILED t.py::test_x - ValueError: bad"
    )
    assert _signature(report.format("one thing")) == _signature(report.format("something else"))


@given(st.text())
def test_any_text_has_a_signature_of_sixteen_digits(text: str) -> None:
    signature = _signature(text)
    assert len(signature) == 16
    assert int(signature, 16) >= 0
