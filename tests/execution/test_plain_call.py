"""What runs without asking the user is a step of ours, and nothing that a shell would make more of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.execution.in_session.plain_call import is_plain_call

# The same rule, as a pattern.
_PLAIN = re.compile(
    r"batch-implement (?:next|done|fail|status)"
    r"(?: (?:[A-Za-z0-9_=.,:/#@%+-]+|'[^'\n]*'|\"[^\"$`\\\n]*\"))*"
)
_PIECES = (
    "batch-implement",
    "next",
    "done",
    " ",
    "  ",
    "3",
    "--message",
    "'",
    '"',
    "feat: x",
    "$",
    "`",
    "\\",
    "\n",
    ";",
    "&&",
    "é",
)


@pytest.mark.parametrize(
    "command",
    [
        "batch-implement next",
        "batch-implement done 3 --message 'feat(auth): add login; it\\s $HOME'",
        'batch-implement fail 3 --error "the network is down"',
        "batch-implement done 3 --no-change ''",
        "batch-implement status --json",
    ],
)
def test_a_step_with_plain_arguments_is_a_plain_call(command: str) -> None:
    assert is_plain_call(command)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "batch-implement",
        "batch-implement ",
        "batch-implement stop",
        "batch-implement nextt",
        "batch-implement next ",
        "batch-implement next; rm -rf .",
        "batch-implement next\nrm -rf .",
        "batch-implement next && curl example.com",
        "batch-implement next > .bashrc",
        "batch-implement next | sh",
        "batch-implement done 3 --message $(id)",
        'batch-implement done 3 --message "$(id)"',
        'batch-implement done 3 --message "`id`"',
        "batch-implement done 3 --message 'two\nlines'",
        "batch-implement done 3 --message 'open",
        "batch-implement done 3 --message 'a'b",
        "batch-implement done 3 --message 'a';id",
        "batch-implement done 3 ~",
        "batch-implement done 3 *",
        "FOO=1 batch-implement next",
        "./batch-implement next",
        "echo batch-implement next",
    ],
)
def test_anything_more_is_left_to_the_user(command: str) -> None:
    assert not is_plain_call(command)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_it_decides_as_the_pattern_does(tail: str) -> None:
    for command in (tail, f"batch-implement done{tail}"):
        assert is_plain_call(command) == bool(_PLAIN.fullmatch(command))
