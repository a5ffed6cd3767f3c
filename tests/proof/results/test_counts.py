"""How many tests there were of each kind is read from what each runner really prints, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from batch_implement.proof.results.counts import count_kinds

if TYPE_CHECKING:
    from batch_implement.proof.results.outcome import TestOutcome

SAMPLES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "runner_output.yaml").read_text(encoding="utf-8")
)


def _kinds(output: str) -> dict[str, int]:
    total: Counter[TestOutcome] = Counter()
    for kinds in count_kinds(output).values():
        total += kinds
    return {outcome.value: number for outcome, number in total.items() if number}


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["runner"] for sample in SAMPLES])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_kinds_add_up_to_what_was_counted(sample: dict[str, Any], end: str) -> None:
    kinds = _kinds(sample["output"].replace("\n", end))
    assert sum(kinds.values()) == sample["tests"]
    assert kinds.get("skipped", 0) == sample["skipped"]


@pytest.mark.parametrize(
    ("output", "kinds"),
    [
        (
            "1 failed, 2 passed, 3 skipped, 4 deselected, 5 xfailed, 1 xpassed, 7 warnings, 2 errors in 6s",
            {"passed": 2, "failed": 1, "skipped": 3, "expected failure": 5, "unexpected pass": 1, "error": 2},
        ),
        (
            "Ran 9 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=1, expected failures=1, "
            "unexpected successes=1)\n",
            {"passed": 3, "failed": 2, "error": 2, "skipped": 1, "expected failure": 1},
        ),
        ("Ran 2 tests in 0.1s\n\nOK\nRan 1 test in 0.1s\n\nOK (skipped=1)\n", {"passed": 2, "skipped": 1}),
        (
            "Tests:       1 failed, 1 skipped, 2 todo, 3 passed, 7 total",
            {"passed": 3, "failed": 1, "skipped": 3},
        ),
        (
            "      Tests  1 failed | 3 passed | 1 expected fail | 1 skipped | 1 todo (7)",
            {"passed": 3, "failed": 1, "expected failure": 1, "skipped": 2},
        ),
        ("  2 passing (4ms)\n  1 pending\n  1 failing\n", {"passed": 2, "skipped": 1, "failed": 1}),
        (
            "# tests 10\n# suites 4\n# pass 4\n# fail 2\n# cancelled 1\n# skipped 1\n# todo 2\n",
            {"passed": 4, "failed": 2, "error": 1, "skipped": 1, "expected failure": 2},
        ),
        ("5 examples, 1 failure, 2 pending", {"passed": 2, "failed": 1, "skipped": 2}),
        (
            "Tests: 9, Assertions: 8, Errors: 1, Failures: 2, Skipped: 1, Incomplete: 1, Risky: 1.",
            {"passed": 4, "error": 1, "failed": 2, "skipped": 2},
        ),
        (
            "2 doctests, 1 property, 6 tests, 1 failure, 1 excluded, 1 invalid, 2 skipped",
            {"passed": 5, "failed": 1, "error": 1, "skipped": 2},
        ),
        (
            "[ERROR] Tests run: 9, Failures: 1, Errors: 2, Skipped: 3",
            {"passed": 3, "failed": 1, "error": 2, "skipped": 3},
        ),
        ("5 tests completed, 1 failed, 2 skipped", {"passed": 2, "failed": 1, "skipped": 2}),
        ("67% tests passed, 1 tests failed out of 3", {"passed": 2, "failed": 1}),
        (
            "FAILED | 2 passed (3 steps) | 1 failed | 4 ignored (12ms)",
            {"passed": 2, "failed": 1, "skipped": 4},
        ),
        (
            " 2 pass\n 1 skip\n 1 todo\n 3 fail\nRan 7 tests across 1 file.",
            {"passed": 2, "skipped": 2, "failed": 3},
        ),
        (
            "Test Suite 'ATests' passed at 2026-01-01 10:00:00.000\n"
            "\t Executed 4 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 (0.1) seconds\n"
            "Test Suite 'All tests' failed at 2026-01-01 10:00:00.000\n"
            "\t Executed 4 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 (0.1) seconds\n",
            {"passed": 2, "skipped": 1, "failed": 1},
        ),
        ("\u2714 Test run with 5 tests in 2 suites passed after 0.001 seconds.", {"passed": 5}),
    ],
)
def test_each_kind_is_counted(output: str, kinds: dict[str, int]) -> None:
    assert _kinds(output) == kinds


@pytest.mark.parametrize(
    "output",
    [
        "",
        "all fine\n",
        "12 files left unchanged in 3 seconds\n",
        "Success: no issues found in 80 source files\n",
        "Tests are for 5 people\n",
        "I passed 3 passed cars in traffic\n",
        "ok  \texample.com/app\t0.002s\n",
        "3 passed in 0.01s" + " " * 10_000 + "x",
        "# pass the salt\nOK\n",
    ],
)
def test_other_output_has_no_count(output: str) -> None:
    assert _kinds(output) == {}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([line for sample in SAMPLES for line in sample["output"].splitlines()]),
            st.text(max_size=60),
            st.from_regex(r"\A[0-9]{1,12} (passed|tests?|examples?|passing|failed)[ ,|].{0,20}\Z"),
        ),
        max_size=20,
    )
)
def test_any_output_gives_numbers_that_are_none_or_more(lines: list[str]) -> None:
    for kinds in count_kinds("\n".join(lines)).values():
        assert all(number >= 0 for number in kinds.values())
