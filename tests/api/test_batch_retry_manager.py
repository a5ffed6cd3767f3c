"""The documented calls on a batch's retries and on the consent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.api.batch_retry_consent import (
    FIRST_RUN_TEXT,
    QUESTION,
    retry_consent,
    store_retry_consent,
)
from batch_implement.api.batch_retry_manager import may_retry, record_failure, record_success, reset_breaker
from batch_implement.api.security_utils import read_audit_records
from batch_implement.recovery.decide import RetryAction
from batch_implement.system.settings.consent import Consent

if TYPE_CHECKING:
    from pathlib import Path

BATCH = "batch-20251118-123456"
LOST = "ConnectionResetError: [Errno 104] Connection reset by peer"


@pytest.fixture(autouse=True)
def _agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_RETRY_ENABLED", "true")


def test_asking_says_why_and_counts_nothing(tmp_path: Path) -> None:
    for _ in range(9):
        assert may_retry(tmp_path, BATCH, 0, LOST).decision.action is RetryAction.RETRY
    refused = may_retry(tmp_path, BATCH, 0, "SyntaxError: invalid syntax").decision
    assert (refused.action, "would fail again" in refused.reason) == (RetryAction.SKIP, True)
    assert list(tmp_path.iterdir()) == []


def test_an_attempt_is_recorded_in_the_audit_log(tmp_path: Path) -> None:
    record_failure(tmp_path, BATCH, 3, LOST)
    [record] = read_audit_records(tmp_path, f"{BATCH}_retry_audit.jsonl")
    assert (record["feature_index"], record["decision"]) == (3, "retry")


@pytest.mark.parametrize("close", [reset_breaker, record_success])
def test_after_five_failures_nothing_is_retried_until_the_breaker_is_closed(
    close: object, tmp_path: Path
) -> None:
    actions = [record_failure(tmp_path, BATCH, index, LOST).decision.action.value for index in range(5)]
    assert actions == ["retry"] * 4 + ["skip"]
    assert close(tmp_path, BATCH) == ()  # type: ignore[operator]
    assert may_retry(tmp_path, BATCH, 5, LOST).decision.action is RetryAction.RETRY


def test_a_secret_of_the_environment_is_not_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_AUTH", "correct-horse")
    record_failure(tmp_path, BATCH, 0, "it failed for correct-horse")
    [record] = read_audit_records(tmp_path, f"{BATCH}_retry_audit.jsonl")
    assert record["error_message"] == "it failed for [redacted]"


def test_until_it_is_refused_a_passing_failure_is_tried_again(
    tmp_path: Path, git_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_RETRY_ENABLED")
    assert retry_consent(tmp_path) is Consent.ASK
    assert may_retry(tmp_path, BATCH, 0, LOST).decision.action is RetryAction.RETRY
    store_retry_consent(granted=False)
    assert retry_consent(tmp_path) is Consent.REFUSED
    assert may_retry(tmp_path, BATCH, 0, LOST).decision.action is RetryAction.SKIP


def test_the_question_comes_with_its_explanation() -> None:
    assert QUESTION.endswith("?")
    assert "BATCH_RETRY_ENABLED=false" in FIRST_RUN_TEXT
