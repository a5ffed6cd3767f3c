"""The documented calls on a failure's message: what it means, and what of it may be kept."""

from __future__ import annotations

from datetime import datetime, timezone

from batch_implement.recovery.classify import classify, sanitize_error_message
from batch_implement.recovery.failure import FailureFacts, FailureKind
from batch_implement.sources.base import sanitize_feature_name

__all__ = ["FailureKind", "classify_failure", "sanitize_error_message", "sanitize_feature_name"]


def classify_failure(error_message: str) -> FailureKind:
    """Transient, permanent, a limit or unknown, by the words of the message alone."""
    return classify(FailureFacts("report", error_message), datetime.now(timezone.utc)).kind
