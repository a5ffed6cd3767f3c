"""The documented calls on a failure's message: what it means, and what of it may be kept."""

from __future__ import annotations

from datetime import datetime, timezone

from batch_implement.recovery import classify
from batch_implement.recovery.failure import FailureFacts, FailureKind
from batch_implement.system.text import cleaning


def classify_failure(error_message: str) -> FailureKind:
    """Transient, permanent, a limit or unknown, by the words of the message alone."""
    return classify.classify(FailureFacts("report", error_message), datetime.now(timezone.utc)).kind


def sanitize_error_message(error_message: str) -> str:
    """Its telling lines as one line of 2,000 characters at most, without secrets."""
    return classify.sanitize_error_message(error_message)


def sanitize_feature_name(text: str) -> str:
    """A feature's text as one line of 10,000 characters at most."""
    return cleaning.sanitize_feature_name(text)
