"""What follows from what a reviewer said: never that a feature is done."""

from __future__ import annotations

import json

import pytest

from batch_implement.model.evidence import Evidence
from batch_implement.model.review import Review
from batch_implement.proof.review import (
    MAX_ASKED,
    MAX_RETURNED,
    Ask,
    GoOn,
    SendBack,
    findings_in,
    is_wanted,
    next_step,
)

FINE = '{"verdict": "fine"}'
FOUND = '{"verdict": "findings", "findings": [{"file": "a.py", "line": 3, "problem": "Only 2 is handled."}]}'
LINE = "a.py:3: Only 2 is handled."
FLAGGED = Evidence(weaker=("tests/a.py:1: a test is gone",))
CLAIMED = Evidence(no_change="it is there")


@pytest.mark.parametrize(
    ("setting", "evidence", "wanted"),
    [
        ("all", Evidence(), True),
        ("flagged", Evidence(), False),
        ("flagged", FLAGGED, True),
        ("flagged", CLAIMED, True),
        ("off", FLAGGED, False),
    ],
)
def test_who_is_reviewed(setting: str, evidence: Evidence, wanted: bool) -> None:
    assert is_wanted(setting, evidence) is wanted


@pytest.mark.parametrize(
    ("review", "step"),
    [
        (None, Ask(Review(tree="t", asked=1))),
        (Review(tree="t", asked=1), Ask(Review(tree="t", asked=2))),
        (Review(tree="t", asked=MAX_ASKED), GoOn(answered=False)),
        (Review(tree="t", asked=1, said="I like it."), Ask(Review(tree="t", asked=2))),
        (Review(tree="t", asked=MAX_ASKED, said="I like it."), GoOn(answered=False)),
        (Review(tree="t", asked=1, said=FINE), GoOn()),
        (
            Review(tree="t", asked=1, said=FOUND),
            SendBack(Review(tree="t", asked=1, said=FOUND, returned=1), (LINE,)),
        ),
        (Review(tree="t", asked=1, said=FOUND, returned=MAX_RETURNED), GoOn((LINE,))),
        (Review(tree="old", asked=2, said=FINE), Ask(Review(tree="t", asked=1))),
        (Review(tree="old", asked=2, said=FOUND, returned=1), Ask(Review(tree="t", asked=1, returned=1))),
    ],
)
def test_what_comes_next(review: Review | None, step: object) -> None:
    assert next_step(review, "t") == step


def test_work_that_is_mended_every_time_and_never_right_comes_to_an_end() -> None:
    review: Review | None = None
    for tree in range(20):
        step = next_step(review, str(tree))
        assert isinstance(step, Ask)
        step = next_step(
            Review(tree=str(tree), asked=1, said=FOUND, returned=step.review.returned), str(tree)
        )
        if isinstance(step, GoOn):
            assert (tree, step) == (MAX_RETURNED, GoOn((LINE,)))
            return
        assert isinstance(step, SendBack)
        review = step.review
    pytest.fail("it went on for ever")


@pytest.mark.parametrize(
    ("said", "findings"),
    [
        (FINE, ()),
        (f"Here is my verdict:\n```json\n{FINE}\n```\n", ()),
        (FOUND, (LINE,)),
        ('{"verdict": "findings", "findings": [{"problem": "No test."}]}', ("No test.",)),
        (
            '{"verdict": "findings", "findings": [{"file": "a.py", "problem": "No\\ntest."}]}',
            ("a.py: No test.",),
        ),
        ('{"verdict": "findings", "findings": []}', None),
        ('{"verdict": "findings", "findings": "many"}', None),
        ('{"verdict": "findings", "findings": ["many", {"problem": 7}, {"problem": ""}]}', ("7",)),
        ('{"verdict": "perfect"}', None),
        ('["fine"]', None),
        ('{"verdict": "fine"', None),
        ("{" * 50_000, None),
        ("", None),
    ],
)
def test_what_is_a_verdict(said: str, findings: tuple[str, ...] | None) -> None:
    assert findings_in(said) == findings


def test_a_flood_of_findings_is_cut() -> None:
    many = [{"file": "a.py", "line": number, "problem": "x" * 5_000} for number in range(1000)]
    lines = findings_in(json.dumps({"verdict": "findings", "findings": many}))
    assert lines is not None
    assert (len(lines), max(map(len, lines)) < 500) == (10, True)
