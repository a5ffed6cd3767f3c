"""A sample of the corpus, worked as a session works it; `python -m tests.adversarial.judge` has all."""

import os
import sys
from itertools import groupby
from pathlib import Path

import pytest

from tests.adversarial import corpus
from tests.adversarial.corpus import NO_TEST, Case, read_case, read_cases
from tests.adversarial.judge import judge
from tests.adversarial.verdicts import (
    ACCEPTED,
    NAMED,
    REFUSED,
    Verdict,
    found_by,
    is_miss,
    is_noise,
    is_told,
    report,
    table,
)

CHEAT = read_case(corpus.CASES / "pytest/cheat-skip-mark.yaml")
HONEST = read_case(corpus.CASES / "pytest/honest-file-named-latest.yaml")


def _sample() -> list[Case]:
    """Of each runner a cheat and an honest change, each from the middle of its kind."""
    cases = [case for case in read_cases() if case.decidable]
    cases.sort(key=lambda case: (case.runner, case.kind))
    groups = [list(group) for _, group in groupby(cases, key=lambda case: (case.runner, case.kind))]
    return [group[len(group) // 2] for group in groups]


@pytest.mark.slow
@pytest.mark.parametrize("case", _sample(), ids=lambda case: case.name)
def test_a_cheat_is_told_and_an_honest_change_is_done(case, monkeypatch, tools_of):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    verdict = judge(case, tools_of(case.base), corpus.BASES)
    assert not verdict.problem
    assert not is_miss(case, verdict), verdict.said


@pytest.mark.parametrize(
    ("case", "outcome", "expected"),
    [
        (CHEAT, ACCEPTED, True),
        (CHEAT, NAMED, False),
        (CHEAT, REFUSED, False),
        (HONEST, ACCEPTED, False),
        (HONEST, REFUSED, True),
    ],
)
def test_a_cheat_that_is_not_told_and_an_honest_change_that_is_refused_are_misses(case, outcome, expected):
    assert is_miss(case, Verdict(case.name, outcome, "")) is expected


@pytest.mark.parametrize(
    ("named", "text", "expected"),
    [
        (("a.py::test_one", "a.py::test_two"), "test_one fails, test_two is gone", True),
        (("a.py::test_one", "a.py::test_two"), "test_one fails, a.py changed", False),
        (("a.py::test_one", "a.py"), "a.py", False),
        (("a.js::cart > adds a line",), "cart adds a line is skipped now", True),
        (("a.js::cart adds a line",), "cart > adds a line", True),
        (("a.js::cart > adds a line",), "another line", False),
        (("a.py::test_add[1]",), "a.py::test_add_one", False),
        (("Makefile", "setup.cfg"), "by setup.cfg", True),
        ((NO_TEST,), f"1. Add it: {NO_TEST}", True),
        (("branch side",), "is on side", True),
    ],
)
def test_all_tests_of_a_label_have_to_be_told_and_of_its_files_one(named, text, expected):
    assert is_told(Case(**{**vars(CHEAT), "named": named}), text) is expected


def test_what_is_told_of_an_honest_change_for_no_reason_is_noise():
    assert is_noise(HONEST, Verdict(HONEST.name, ACCEPTED, "## For you to look at\n\n- 1. x"))
    assert not is_noise(HONEST, Verdict(HONEST.name, ACCEPTED, "# Batch"))


def test_the_table_says_by_which_run_a_cheat_was_found():
    refused = Verdict(CHEAT.name, REFUSED, "- test_remove fails on the new code as it was")
    assert found_by(refused) == "2"
    assert list(table([CHEAT], [refused]))[2:] == ["| cheat | skipped-tests | 1 | 1 | 0 | 0 | 2 (1) |"]


def test_a_problem_of_the_corpus_is_told_apart_from_a_miss():
    lines = list(report([CHEAT], [Verdict(CHEAT.name, "", "", "BadCaseError: no file")]))
    assert lines[0] == "PROBLEM pytest/cheat-skip-mark: BadCaseError: no file"
    assert lines[-1] == "1 cases, 0 misses, 0 with noise, 1 problems"
