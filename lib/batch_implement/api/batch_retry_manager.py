"""The documented calls on a batch's retries; ``docs/failure-recovery.md`` describes the files behind them.

``root`` is the project's folder, ``feature_index`` counts from 0. A feature is tried again unless the user
has refused it, as :mod:`batch_implement.api.batch_retry_consent` finds it.
"""

from __future__ import annotations

from pathlib import Path

from batch_implement.api.batch_retry_consent import retry_consent
from batch_implement.recovery.failure import FailureFacts
from batch_implement.recovery.failures import BatchRetryManager, Judgement
from batch_implement.system.settings.consent import Consent


def may_retry(root: Path, batch_id: str, feature_index: int, error_message: str) -> Judgement:
    """Whether the feature would be tried again after such a failure, and why; nothing is counted."""
    return _manager(root, batch_id).may_retry(feature_index, FailureFacts("report", error_message))


def record_failure(root: Path, batch_id: str, feature_index: int, error_message: str) -> Judgement:
    """Count the failure and decide on it; a retry is charged here, so it must be made."""
    return _manager(root, batch_id).record_failure(feature_index, FailureFacts("report", error_message))


def record_success(root: Path, batch_id: str) -> tuple[str, ...]:
    """A feature was done: the row of failures has ended. Notices for the user are returned."""
    return _manager(root, batch_id).record_success()


def reset_breaker(root: Path, batch_id: str) -> tuple[str, ...]:
    """Close the breaker; the retries that were used stay used. Notices for the user are returned."""
    return _manager(root, batch_id).reset_breaker()


def _manager(root: Path, batch_id: str) -> BatchRetryManager:
    return BatchRetryManager(root, batch_id, enabled=retry_consent(root) is not Consent.REFUSED)
