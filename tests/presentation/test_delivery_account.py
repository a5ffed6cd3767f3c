"""What git and GitHub did for each feature, and what is left to a person, in the report."""

from __future__ import annotations

from batch_implement.model.batch import Batch, Delivery
from batch_implement.model.evidence import Evidence, Operation
from batch_implement.model.feature import Feature
from batch_implement.presentation.delivery_account import left_to_do, outcome_of
from batch_implement.presentation.report import render_report

AT = "2026-01-31T08:05:00.000000Z"
URL = "https://github.localhost/octo/app/pull/1"
COMMIT = Operation(success=True, timestamp=AT, sha="a" * 40, branch="batch/1")
PUSHED = Operation(success=True, timestamp=AT, remote="origin")
DENIED = Operation(success=False, timestamp=AT, outcome="denied", error="origin did not allow the push.")


def _batch(*operations: dict[str, Operation]) -> Batch:
    return Batch(
        batch_id="batch-1",
        features_file="",
        features=tuple(Feature(id=str(number), text="Greet") for number, _ in enumerate(operations, 1)),
        completed_features=tuple(range(len(operations))),
        git_operations=dict(enumerate(operations)),
        delivery=Delivery(commit=True, push=True, remote="origin"),
    )


def test_a_feature_that_went_all_the_way() -> None:
    closed = Operation(success=True, timestamp=AT, number=72)
    request = Operation(success=True, timestamp=AT, number=1, url=URL)
    done = {"commit": COMMIT, "push": PUSHED, "pr": request, "issue_close": closed}
    assert outcome_of(done) == ["pushed to origin", f"pull request {URL}", "#72 closed"]
    assert left_to_do(_batch(done)) == [f"Review and merge: {URL}"]


def test_an_issue_that_somebody_else_had_closed() -> None:
    closed = Operation(success=True, timestamp=AT, number=72, already_closed=True)
    assert outcome_of({"issue_close": closed}) == ["#72 was closed already"]


def test_what_failed_is_named_once_with_all_the_features_it_met() -> None:
    failed = {"commit": COMMIT, "push": DENIED}
    assert outcome_of(failed) == ["not pushed"]
    assert left_to_do(_batch(failed, failed)) == [
        "Features 1, 2: not pushed. origin did not allow the push.",
        "Review the commits on batch/1 (`git log`), and push them: `git push origin`.",
    ]


def test_what_github_did_not_take_after_the_push() -> None:
    asked = {
        "commit": COMMIT,
        "push": PUSHED,
        "pr": Operation(success=False, timestamp=AT, error="401."),
        "issue_close": Operation(success=False, timestamp=AT, error="It is not there."),
    }
    assert outcome_of(asked) == ["pushed to origin", "no pull request", "issue not closed"]
    assert left_to_do(_batch(asked)) == [
        "Feature 1: no pull request. 401.",
        "Feature 1: issue not closed. It is not there.",
        "Review the commits on batch/1 (`git log`).",
    ]


def test_what_a_person_let_through_stands_out() -> None:
    accepted = Evidence(accepted="it was wrong", weaker=("test_app.py:1: a test is skipped",))
    allowed = Evidence(allowed=("deploy.pem holds a private key",))
    text = render_report(
        Batch(
            batch_id="batch-1",
            features_file="",
            features=(Feature(id="1", text="Greet"), Feature(id="2", text="Count")),
            completed_features=(0, 1),
            evidence={0: accepted, 1: allowed},
        )
    )
    assert "WEAKER CHECKS ACCEPTED (it was wrong): test_app.py:1: a test is skipped" in text
    assert "ALLOWED: deploy.pem holds a private key" in text
