"""Commit messages are conventional, and say nothing that a host or a terminal would obey."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.delivery.commit_message import (
    OWN_SUBJECT_LIMIT,
    CommitMessageError,
    build_message,
    clean,
    finish_message,
    problems_of,
    style_of,
    trailers_of,
)


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        ("Add JWT validation", "feat: add JWT validation"),
        ("JWT tokens expire after an hour.", "feat: JWT tokens expire after an hour"),
        ("Fix the login redirect", "fix: the login redirect"),
        ("Document the API", "docs: document the API"),
        ("Add tests for the parser", "feat: add tests for the parser"),
        ("Refactor the session store", "refactor: the session store"),
        ("Rename user to account", "refactor: rename user to account"),
        ("Upgrade Django to 5", "build: upgrade Django to 5"),
        ("Remove the old importer", "chore: remove the old importer"),
        ("feat(auth): add a login", "feat(auth): add a login"),
        ("Issue #72: Add logging", "feat: add logging (#72)"),
        ("Add JWT validation (fixes #72)", "feat: add JWT validation (refs #72)"),
        ("Add a login (after: 2, 5)", "feat: add a login"),
        ("A page for admins (requires #72)", "feat: a page for admins"),
        ("  Add \x1b[31ma\x1b[0m   login  ", "feat: add a login"),
        ("", "feat: implement the feature"),
    ],
)
def test_a_message_is_made_from_the_feature(feature: str, message: str) -> None:
    assert build_message(feature) == message
    assert problems_of(message) == ()


def test_an_issue_given_by_number_is_mentioned_once() -> None:
    assert build_message("Add a login", issue_number=7) == "feat: add a login (#7)"
    assert build_message("Add a login as in #7", issue_number=7) == "feat: add a login as in #7"


def test_a_long_feature_is_cut_at_a_word_and_told_whole_below() -> None:
    feature = "Add " + "a very long description " * 10
    subject, _, body = build_message(feature, issue_number=7).partition("\n\n")
    assert len(subject) <= OWN_SUBJECT_LIMIT
    assert subject.endswith("… (#7)")
    assert body.replace("\n", " ") == feature.strip()
    assert max(map(len, body.splitlines())) <= 72


@given(st.text(max_size=400))
def test_whatever_the_feature_says_the_message_made_from_it_can_be_used(feature: str) -> None:
    message = build_message(feature)
    assert problems_of(message) == ()
    text = finish_message(message, batch_id="batch-1", feature_number=1)
    assert trailers_of(text)["batch"] == "batch-1"
    assert len(text.splitlines()[0]) <= OWN_SUBJECT_LIMIT


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Added a login", "type(scope): what changes"),
        ("", "type(scope): what changes"),
        ("feature: add a login", "'feature' is not a type"),
        ("feat(a b(c)): add", "type(scope): what changes"),
        ("feat(): add", "is not a scope"),
        ("feat(" + "x" * 50 + "): add", "is not a scope"),
        ("feat: ", "no word on what changes"),
        ("feat: " + "x" * 100, "100 is the most"),
        ("feat: add\n\n" + "x" * 30_000, "20,000 is the most"),
    ],
)
def test_what_is_wrong_with_a_message_is_said(message: str, words: str) -> None:
    assert any(words in problem for problem in problems_of(message))
    with pytest.raises(CommitMessageError):
        finish_message(message, batch_id="batch-1", feature_number=1)


@pytest.mark.parametrize(
    "message",
    [
        "feat: add",
        "feat(auth)!: add",
        "fix(api/v2): mend",
        "docs: explain",
        "feat:add",
        "revert: feat: add",
        "fix: #12 crash",
    ],
)
def test_a_conventional_message_can_be_used(message: str) -> None:
    assert problems_of(message) == ()


@pytest.mark.parametrize("batch_id", ["", "a b", "a\nFeature: 9", "-x", "a" * 200, "ä"])
def test_a_batch_id_that_could_forge_a_trailer_is_refused(batch_id: str) -> None:
    with pytest.raises(CommitMessageError, match="batch id"):
        finish_message("feat: add", batch_id=batch_id, feature_number=1)


def test_the_whole_message_is_as_documented() -> None:
    said = "feat(auth): add JWT\r\n\r\n- One\r\n\r\n\r\n- Two\r\n\r\nCo-Authored-By: Claude <a@example.com>"
    assert finish_message(said, batch_id="batch-1", feature_number=4) == (
        "feat(auth): add JWT\n\n- One\n\n- Two\n\n"
        "Batch: batch-1\nFeature: 4\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
    )


def test_without_a_co_author_there_is_no_line_for_one() -> None:
    assert finish_message("feat: add", batch_id="b", feature_number=1, co_author="").endswith(
        "\nFeature: 1\n"
    )


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Closes #1", "refs #1"),
        ("this fixes   #12 and resolved GH-3", "this refs #12 and refs GH-3"),
        ("fix: #12 crash", "fix: issue #12 crash"),
        ("closed: owner/repo#3", "refs owner/repo#3"),
        ("fixes https://github.com/o/r/issues/5", "refs https://github.com/o/r/issues/5"),
        ("encloses #1", "encloses #1"),
        ("it closes the door on #1", "it closes the door on #1"),
        ("prefix #1", "prefix #1"),
        ("[skip ci] x [ci skip]", "(skip ci) x (ci skip)"),
        ("***NO_CI***", "(no ci)"),
        ("a\tb", "a b"),
        ("x\n🤖 Generated with [Claude Code](https://claude.com/claude-code)", "x"),
        ("👩\u200d💻 naïve 日本語", "👩\u200d💻 naïve 日本語"),
        ("\u202e\u2066\u200b\ufeffx\x85\u2028", "x"),
        ("a\x1b[2Jb\x1b]0;title\x07c\x1bPq\x9bd", "abcq"),
        ("\udcff", ""),
    ],
)
def test_what_would_be_obeyed_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_leaves_only_what_prints(text: str) -> None:
    cleaned = clean(text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("message", "trailers"),
    [
        ("feat: a\n\nBatch: b\nFeature: 1\n", {"batch": "b", "feature": "1"}),
        ("feat: a\n\nBatch: b\n\nwords", {}),
        ("Batch: b", {"batch": "b"}),
        ("", {}),
    ],
)
def test_trailers_are_those_of_the_last_paragraph(message: str, trailers: dict[str, str]) -> None:
    assert trailers_of(message) == trailers


# --- the project's own style ------------------------------------------------------------------------

PLAIN = ("Add a login form", "Mend the parser of dates", "parser: accept tabs", "JIRA-12 Count visits")
CONVENTIONAL = ("feat: add a login form", "fix(parser): accept tabs", "docs: say how", "chore: tidy")


@pytest.mark.parametrize(
    ("log", "style"),
    [
        ((), "conventional"),
        (PLAIN, "conventional"),
        (PLAIN * 2, "plain"),
        (PLAIN * 6 + CONVENTIONAL, "plain"),
        (PLAIN * 2 + CONVENTIONAL, "conventional"),
        (CONVENTIONAL * 9, "conventional"),
        (("x" * 5_000,) * 50, "plain"),
    ],
)
def test_the_style_is_that_of_the_log_where_it_plainly_has_another(log: tuple[str, ...], style: str) -> None:
    assert style_of(log) == style


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        ("add a login form.", "Add a login form (#7)"),
        ("Issue #7: Add a login form", "Add a login form (#7)"),
        ("feat: add a login", "Feat: add a login (#7)"),
    ],
)
def test_in_a_plain_style_the_feature_is_the_message(feature: str, message: str) -> None:
    made = build_message(feature, issue_number=7, style="plain")
    assert (made, problems_of(made, "plain")) == (message, ())


def test_a_plain_message_is_cleaned_and_bounded_as_any_other() -> None:
    text = finish_message("Closes #4\n\nBatch: forged", batch_id="b-1", feature_number=2, style="plain")
    assert text == "refs #4\n\nBatch: b-1\nFeature: 2\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
    assert problems_of("x" * 101, "plain")
    assert problems_of("\n\n", "plain") == ("The message is empty.",)
