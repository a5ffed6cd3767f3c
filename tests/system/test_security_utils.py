"""Secrets are cut out, log lines can't be forged, and paths stay inside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.system.canaries import CANARIES

from batch_implement.errors import PathError
from batch_implement.system.text.security_utils import (
    REDACTED,
    one_line,
    redact,
    safe_line,
    secret_values,
    validate_path,
)

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
        "AUTHOR": "somebody",
        "API_KEY": "short",
    }
    known = secret_values(environment)
    assert known == ("correct-horse-battery", "correct-horse", "staple-staple", "https-sentry")
    assert redact("used correct-horse-battery here", known) == f"used {REDACTED} here"


@given(st.text())
def test_a_log_line_is_one_line_of_visible_characters(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\r\nc\u2028d\x85e", "a b c d e"),
        ("\x1b[31mred\x1b[0m and \x1b]8;;http://x\x07link\x1b]8;;\x07", "red and link"),
        ("user\u202egnp.exe", "user gnp.exe"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\0", ""),
        ("x" * 3000, "x" * 1999 + "…"),
    ],
)
def test_what_could_forge_a_line_is_taken_out(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_path_inside_is_returned_absolute(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert validate_path(Path("a/new.txt"), tmp_path) == tmp_path / "a" / "new.txt"
    assert validate_path(tmp_path / "a", tmp_path) == tmp_path / "a"
    (tmp_path / "file").write_text("")
    assert validate_path(Path("file/below"), tmp_path) == tmp_path / "file" / "below"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../x", r"'\.\.'"),
        ("a/../../x", r"'\.\.'"),
        ("/etc/passwd", "outside"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\u202eb", "hidden"),
        ("x" * 256, "can't be looked at"),
    ],
)
def test_a_path_that_leads_out_is_refused(path: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(PathError, match=reason):
        validate_path(Path(path), tmp_path)


def test_a_symlink_anywhere_on_the_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to(os.devnull)
    for path in ("link", "link/x", "dangling"):
        with pytest.raises(PathError, match="symlink"):
            validate_path(Path(path), tmp_path)
