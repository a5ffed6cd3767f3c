"""How many tests ran is read from what each runner really prints, and from nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from batch_implement.proof.counting import count_tests

SAMPLES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("runner_output.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["runner"] for sample in SAMPLES])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_runners_summary_is_read(sample: dict[str, Any], end: str) -> None:
    found = count_tests(sample["output"].replace("\n", end))
    assert found == (sample["tests"], sample["skipped"])


@pytest.mark.parametrize(
    "output",
    [
        "",
        "all fine\n",
        "12 files left unchanged in 3 seconds\n",
        "3 targets built in 2.1s\n",
        "Success: no issues found in 80 source files\n",
        "Tests are for 5 people\n",
        "I passed 3 passed cars in traffic\n",
        "ok  \texample.com/app\t0.002s\n",
        "Passing 3 arguments\n",
    ],
)
def test_other_output_has_no_count(output: str) -> None:
    assert count_tests(output) is None


def test_a_line_of_data_is_not_a_summary() -> None:
    assert count_tests("3 passed in 0.01s" + " " * 10_000 + "x") is None


def test_a_number_of_any_length_is_no_error() -> None:
    count_tests("9" * 400 + " passed in 0.01s\nRan " + "9" * 400 + " tests in 1s\n\u2139 tests " + "9" * 400)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([line for sample in SAMPLES for line in sample["output"].splitlines()]),
            st.text(max_size=60),
            st.from_regex(r"\A[0-9]{1,4} (passed|tests?|examples?|passing|failed)[ ,|].{0,20}\Z"),
        ),
        max_size=20,
    )
)
def test_any_output_gives_a_count_or_none(lines: list[str]) -> None:
    found = count_tests("\n".join(lines))
    assert found is None or (found.total >= 0 and found.skipped >= 0)
