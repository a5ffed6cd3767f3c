"""Another reader looks at what the runs flagged, between proof and commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, refusal

from batch_implement.model import attempts
from batch_implement.model.outcomes import ReviewWanted, Waiting
from batch_implement.model.refusals import FoundByReviewer
from batch_implement.oversight.session import NO_SESSION

if TYPE_CHECKING:
    from tests.batches import Batch

WANTED = Waiting(cause=ReviewWanted(number=1))
FINE = '{"verdict": "fine"}'
FOUND = (
    '{"verdict": "findings", "findings": '
    '[{"file": "feature1.py", "line": 1, "problem": "It is not polite."}]}'
)
LINES = ("feature1.py:1: It is not polite.",)


@pytest.fixture(autouse=True)
def everything_is_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REVIEW", "all")


def _reviewer_says(batch: Batch, said: str) -> None:
    batch.project.state.update(lambda current: attempts.reviewer_begun(current, 0, "r1", "4711 1 boot"))
    batch.project.state.update(lambda current: attempts.review_ended(current, "r1", said))


def test_nothing_is_committed_before_the_verdict_and_the_check_runs_once(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    commits, runs = batch.repository.log(), batch.check_runs
    assert batch.done(1) == WANTED
    assert batch.repository.log() == commits
    diff = (batch.root / ".claude/batches/review-1.diff").read_text()
    assert "+print(1)" in diff
    assert "tests/feature1.t" in diff
    _reviewer_says(batch, FINE)
    assert assigned(batch.done(1)) == 2
    assert batch.state.evidence[0].reviewed is True
    assert batch.check_runs == runs + 1
    assert not (batch.root / ".claude/batches/review-1.diff").exists()


def test_what_it_found_goes_back_and_mended_work_is_looked_at_again(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    _reviewer_says(batch, FOUND)
    assert refusal(batch.done(1)) == FoundByReviewer(number=1, lines=LINES)
    batch.repository.write("feature1.py", "print('please')\n")
    assert batch.done(1) == WANTED
    assert "+print('please')" in (batch.root / ".claude/batches/review-1.diff").read_text()
    _reviewer_says(batch, FINE)
    assert assigned(batch.done(1)) == 2
    assert batch.state.evidence[0].found == ()


def test_findings_that_are_not_mended_stand_in_the_report_above_what_is_done(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    batch.done(1)
    _reviewer_says(batch, FOUND)
    for _ in range(2):
        refusal(batch.done(1))
    report = batch.call("done", "1").text
    found, done = report.index("## Found by a reviewer and not mended"), report.index("## Done")
    assert found < done
    assert "- **1.** Greet the user — `feature1.py:1: It is not polite.`" in report[found:done]


def test_where_no_reviewer_comes_the_feature_goes_on_and_says_so(batch: Batch) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    assert batch.done(1) == batch.done(1) == WANTED
    report = batch.call("done", "1").text
    assert "NOT REVIEWED" in report


def test_a_verdict_makes_nothing_done_that_fails_its_check(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    _reviewer_says(batch, FINE)
    batch.repository.write("broken")
    refusal(batch.done(1))
    assert batch.state.completed_features == ()


def test_a_verdict_on_another_tree_counts_for_nothing(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    _reviewer_says(batch, FINE)
    batch.repository.write("feature1.py", "print('and a back door')\n")
    assert batch.done(1) == WANTED


def test_a_person_s_own_call_asks_for_no_reviewer(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    assigned(batch.done(1, session=NO_SESSION))
    assert batch.state.evidence[0].reviewed is None


def test_by_default_only_what_was_flagged_is_reviewed(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_REVIEW")
    batch.begin()
    assert batch.done(1, no_change="it greets already") == WANTED
    _reviewer_says(batch, FINE)
    assert assigned(batch.done(1, no_change="it greets already")) == 2
    batch.work(2)
    assert assigned(batch.done(2)) == 3


def test_a_feature_that_fails_after_a_review_leaves_no_file(batch: Batch) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    batch.fail(1)
    assert not list((batch.root / ".claude/batches").glob("review*"))
