"""The documented calls on a failure's message."""

from __future__ import annotations

import pytest

from batch_implement.api.failure_classifier import (
    classify_failure,
    sanitize_error_message,
    sanitize_feature_name,
)
from batch_implement.recovery.failure import FailureKind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("ConnectionResetError: [Errno 104] Connection reset by peer", FailureKind.TRANSIENT),
        ("SyntaxError: invalid syntax", FailureKind.PERMANENT),
        ("5-hour limit reached ∙ resets 3pm", FailureKind.LIMIT),
        ("it did not work out", FailureKind.UNKNOWN),
    ],
)
def test_a_message_is_judged_by_its_words(message: str, kind: FailureKind) -> None:
    assert classify_failure(message) is kind


def test_what_is_kept_of_a_message_is_one_line_without_secrets() -> None:
    assert sanitize_error_message("refused:\npassword=hunter2") == "refused: password=[redacted]"


def test_the_text_of_a_feature_is_one_line() -> None:
    assert sanitize_feature_name("Add\nlogin\x1b[31m\u202e now") == "Add login now"
