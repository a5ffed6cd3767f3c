"""What no rule knows, and says enough."""

from __future__ import annotations

import pytest

from batch_implement.recovery.plain_failure import names_what_is_wrong


@pytest.mark.parametrize(
    ("line", "source", "wrong"),
    [
        ("SC2086: Double quote to prevent globbing", "check", True),
        ("acme.errors.SchemaError: column order differs", "api", True),
        ("fatal: ambiguous argument 'x'", "git", True),
        # too little
        ("The command failed with an error.", "check", False),
        ("Tests did not pass.", "check", False),
        ("I could not satisfy the hidden requirement", "report", False),
        # it may be about something that passes
        ("acme.errors.SyncError: the server said no", "check", False),
        ("the worker crashed while it wrote the index", "check", False),
        # only of programs
        ("Received message_stop without a current message", "api", False),
    ],
)
def test_a_message_that_names_a_wrong_thing_is_told_from_one_that_says_little(
    line: str, source: str, wrong: bool
) -> None:
    assert names_what_is_wrong([line], source) is wrong
