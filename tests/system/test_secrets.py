"""Secrets are cut out of what leaves, and log lines can't be forged."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.system.canaries import CANARIES

from batch_implement.system.text.secrets import REDACTED, redact, safe_line, secret_values

SEPARATORS = st.sampled_from(["\n", " ", "\t", "\r\n", " : ", "\n\n", ' "', " (", "\n> "])


def test_there_are_at_least_thirty_kinds_of_canary() -> None:
    assert len(CANARIES) >= 30


@pytest.mark.parametrize("kind", CANARIES)
def test_a_secret_is_cut_out(kind: str) -> None:
    text, secret = CANARIES[kind]
    assert secret in text
    assert secret not in redact(text)
    assert REDACTED in redact(text)


@given(
    before=st.text(max_size=80),
    kind=st.sampled_from(sorted(CANARIES)),
    left=SEPARATORS,
    right=SEPARATORS,
    after=st.text(max_size=80),
)
def test_a_secret_is_cut_out_of_any_text(before: str, kind: str, left: str, right: str, after: str) -> None:
    text, secret = CANARIES[kind]
    whole = before + left + text + right + after
    assert secret not in redact(whole)
    assert secret not in safe_line(whole)


@example(kinds=["PEM in JSON", "PEM"], separator=" ")  # the dashes of the second are no end of the first
@given(st.lists(st.sampled_from(sorted(CANARIES)), min_size=2, max_size=6), SEPARATORS)
def test_secrets_beside_each_other_are_all_cut_out(kinds: list[str], separator: str) -> None:
    text = separator.join(CANARIES[kind][0] for kind in kinds)
    assert not [kind for kind in kinds if CANARIES[kind][1] in redact(text)]


def test_a_secret_hidden_by_terminal_codes_is_cut_out_of_a_log_line() -> None:
    assert "hunter2" not in safe_line("pass\x1b[0mword=hunter2")
    assert "hunter2" not in safe_line("pass\u200bword=hunter2".replace("\u200b", "\x1b[1m"))


@pytest.mark.parametrize(
    "text",
    [
        "fatal: unable to access 'https://github.com/o/r.git/': Could not resolve host: github.com",
        "npm ERR! 404 Not Found - GET https://registry.example.org/@types/nod - Not found",
        "[main 3f2a9c1d5e6b7a8c9d0e1f2a3b4c5d6e7f8a9b0c] feat: add login",
        "FAILED tests/test_auth.py::test_password_reset - AssertionError: assert 401 == 200",
        "SyntaxError: Unexpected token '}'",
        "Permission denied (publickey,password).",
        "KeyError: 'api_key'",
        "http://localhost:8080/a/b failed",
        "the risk-assessment-module-for-everyone was not found",
        "Basic authentication failed",
        "dial tcp 127.0.0.1:5432: connect: connection refused",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_values_of_secret_looking_variables_are_known_secrets() -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEPLOY_TOKEN": "correct-horse",
        "DB_PASSWORD": "correct-horse-battery",
        "NPM_AUTH": "staple-staple",
        "SENTRY_DSN": "https-sentry",
        "MAX_OUTPUT_TOKENS": "200000",
        "AUTHOR": "somebody",
        "API_KEY": "short",
    }
    known = secret_values(environment)
    assert known == ("correct-horse-battery", "correct-horse", "staple-staple", "https-sentry")
    assert redact("used correct-horse-battery here", known) == f"used {REDACTED} here"


def test_the_folder_a_program_was_started_in_is_no_secret() -> None:
    assert secret_values({"PWD": "/home/me/project", "OLDPWD": "/home/me/elsewhere"}) == ()


def test_a_line_for_a_log_is_one_line_of_two_thousand_characters() -> None:
    assert safe_line("a\nb\u2028c\x1b[2K\u202e") == "a b c"
    assert safe_line("x" * 3000) == "x" * 1999 + "…"
