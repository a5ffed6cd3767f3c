"""What a hook decides from the name of an error alone is what a closer look comes to as well."""

from __future__ import annotations

import pytest
from tests.recovery.error_table import NOW, read_table

from batch_implement.recovery.api_errors import FOR_A_PERSON, is_context_full, is_plain_outage
from batch_implement.recovery.classify import classify
from batch_implement.recovery.failure import FailureFacts

PASSING = ("rate_limit", "overloaded", "server_error", "max_output_tokens")
MESSAGES = sorted(
    {entry.facts.message for half in ("tune", "measure", "found", "learned") for entry in read_table(half)}
)


@pytest.mark.parametrize("error", PASSING)
def test_what_is_taken_for_an_outage_never_asks_for_a_person(error: str) -> None:
    taken = [message for message in MESSAGES if is_plain_outage(error, message)]
    assert len(taken) > len(MESSAGES) // 2
    for message in taken:
        assert not classify(FailureFacts("api", message, api_error=error), NOW).needs_person, message


@pytest.mark.parametrize("error", FOR_A_PERSON)
def test_what_asks_for_a_person_by_its_name_does_so_whatever_is_said(error: str) -> None:
    for message in ("", "API Error: 500 boom", "SyntaxError: invalid syntax"):
        assert classify(FailureFacts("api", message, api_error=error), NOW).needs_person


@pytest.mark.parametrize("error", ["invalid_request", "unknown", "authentication_failed", ""])
def test_what_may_come_to_a_pause_is_no_plain_outage(error: str) -> None:
    assert not is_plain_outage(error, "API Error: 500 boom")


def test_a_full_conversation_is_told_from_another_refused_request() -> None:
    assert is_context_full("Prompt is too long")
    assert not is_context_full("messages: roles must alternate")
