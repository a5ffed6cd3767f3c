"""What a failure is judged to be."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recovery.error_table import NOW, Labelled, as_label, confusion, read_table

from batch_implement.recovery.classify import classify, sanitize_error_message
from batch_implement.recovery.failure import FailureFacts, FailureKind

TUNE, MEASURE, FOUND = read_table("tune"), read_table("measure"), read_table("found")
LEARNED, UNSEEN = read_table("learned"), read_table("unseen")


def test_the_table_has_a_hundred_and_fifty_messages_half_of_them_for_measuring() -> None:
    assert len(TUNE) + len(MEASURE) >= 150
    assert abs(len(TUNE) - len(MEASURE)) <= len(TUNE) / 10


@pytest.mark.parametrize("entry", TUNE, ids=lambda entry: f"{entry.label}-{entry.tool}")
def test_a_message_of_the_tuning_half_is_judged_right(entry: Labelled) -> None:
    assert entry.judged == entry.label


@pytest.mark.parametrize(
    ("half", "share"), [("measure", 0.97), ("found", 0.95), ("learned", 0.98), ("unseen", 0.95)]
)
def test_the_reached_share_of_right_judgements_is_held(half: str, share: float) -> None:
    table = read_table(half)
    assert sum(entry.right for entry in table) >= share * len(table)


def test_no_permanent_failure_is_judged_to_pass_by_itself() -> None:
    counts = confusion(TUNE + MEASURE + FOUND + LEARNED)
    assert counts["permanent", "transient"] == 0
    assert counts["permanent", "limit"] == 0


@pytest.mark.parametrize(
    ("error", "label"),
    [
        ("rate_limit", "limit"),
        ("overloaded", "limit"),
        ("server_error", "limit"),
        ("authentication_failed", "person"),
        ("billing_error", "person"),
        ("model_not_found", "person"),
        ("invalid_request", "permanent"),
        ("context_full", "transient"),
        ("max_output_tokens", "transient"),
        ("unknown", "unknown"),
        ("an error of a later version", "unknown"),
    ],
)
def test_what_stop_failure_says_is_taken_first(error: str, label: str) -> None:
    assert as_label(classify(FailureFacts("api", "", api_error=error), NOW)) == label


def test_a_rate_limit_that_is_a_spending_limit_needs_a_person() -> None:
    facts = FailureFacts("api", "You've hit your org's monthly usage limit", api_error="rate_limit")
    assert classify(facts, NOW).needs_person


@pytest.mark.parametrize(
    ("source", "status", "message", "label"),
    [
        ("api", 429, "", "limit"),
        ("api", 500, "", "limit"),
        ("api", 529, "", "limit"),
        ("api", 401, "", "person"),
        ("api", 402, "", "person"),
        ("api", 403, "", "person"),
        ("api", 408, "", "transient"),
        ("api", 413, "", "permanent"),
        ("gh", 429, "", "limit"),
        ("gh", 403, "HTTP 403: API rate limit exceeded for user ID 1.", "limit"),
        ("gh", 403, "HTTP 403: Resource not accessible by integration", "permanent"),
        ("gh", 401, "", "permanent"),
        ("gh", 502, "", "transient"),
        ("gh", 200, "", "unknown"),
    ],
)
def test_an_http_status_says_what_it_is(source: str, status: int, message: str, label: str) -> None:
    assert as_label(classify(FailureFacts(source, message, http_status=status), NOW)) == label


@pytest.mark.parametrize(
    ("facts", "kind", "word"),
    [
        (FailureFacts("check", "SyntaxError: x", timed_out=True), FailureKind.TRANSIENT, "out of time"),
        (FailureFacts("check", signal=signal.SIGKILL), FailureKind.TRANSIENT, "SIGKILL"),
        (FailureFacts("check", exit_code=-9), FailureKind.TRANSIENT, "SIGKILL"),
        (FailureFacts("check", exit_code=137), FailureKind.TRANSIENT, "SIGKILL"),
        (FailureFacts("check", exit_code=143), FailureKind.TRANSIENT, "SIGTERM"),
        (FailureFacts("check", exit_code=130), FailureKind.TRANSIENT, "SIGINT"),
        (FailureFacts("check", exit_code=139), FailureKind.PERMANENT, "SIGSEGV"),
        (FailureFacts("check", exit_code=-6), FailureKind.PERMANENT, "SIGABRT"),
        (FailureFacts("check", exit_code=-35), FailureKind.PERMANENT, "signal 35"),
        (FailureFacts("check", exit_code=124), FailureKind.TRANSIENT, "124"),
        (FailureFacts("check", exit_code=75), FailureKind.TRANSIENT, "75"),
        (FailureFacts("check", exit_code=127), FailureKind.PERMANENT, "127"),
        (FailureFacts("check", exit_code=126), FailureKind.PERMANENT, "126"),
        (FailureFacts("gh", exit_code=4), FailureKind.PERMANENT, "logged in"),
        (FailureFacts("git", exit_code=128), FailureKind.UNKNOWN, "too little"),
        (FailureFacts("git", exit_code=255), FailureKind.UNKNOWN, "too little"),
        (FailureFacts("check", exit_code=1), FailureKind.UNKNOWN, "too little"),
        (FailureFacts("report"), FailureKind.UNKNOWN, "too little"),
    ],
)
def test_how_a_program_ended_says_what_it_is(facts: FailureFacts, kind: FailureKind, word: str) -> None:
    found = classify(facts, NOW)
    assert found.kind is kind
    assert word in found.reason


@pytest.mark.parametrize(
    ("message", "label"),
    [
        # what follows from a cause is not the cause
        (
            "WARNING: Retrying after connection broken by 'NameResolutionError': /simple/x/\n"
            "ERROR: No matching distribution found for x",
            "transient",
        ),
        ("ERROR: No matching distribution found for x", "permanent"),
        ("Temporary failure resolving 'deb.example'\nE: Unable to locate package x", "transient"),
        ("error: could not compile `x`\n\nCaused by:\n  `rustc` (signal: 9, SIGKILL: kill)", "transient"),
        # what led to an exception of the program's own
        (
            "Traceback (most recent call last):\nConnectionRefusedError: [Errno 111] Connection refused\n\n"
            "The above exception was the direct cause of the following exception:\n\n"
            "Traceback (most recent call last):\nRuntimeError: cannot load",
            "transient",
        ),
        (
            "ConnectionRefusedError: [Errno 111] Connection refused\n\n"
            "During handling of the above exception, another exception occurred:\n\nKeyError: 'cache'",
            "permanent",
        ),
        # names with colons in them are no test's
        ("Net::ReadTimeout with #<TCPSocket:(closed)>", "transient"),
        ("PG::TRSerializationFailure: ERROR:  could not serialize access", "transient"),
        ("Error: net::ERR_NAME_NOT_RESOLVED at https://app.example/", "transient"),
        # a connection that is refused for good
        ("Unable to connect to the server: x509: certificate signed by unknown authority", "permanent"),
        (
            "httpx.ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired (_ssl.c:1006)",
            "permanent",
        ),
        ('could not connect to server: FATAL:  database "shop" does not exist', "permanent"),
        (
            "Error connecting to Redis on localhost:6379 (WRONGPASS invalid username-password pair)",
            "permanent",
        ),
        # an address is no count of tests
        ('connection to server at "127.0.0.1", port 5432 failed: FATAL:  out of shared memory', "transient"),
        # a limit in a test is what the test is about
        (
            "--- FAIL: TestLimit (0.00s)\n    a_test.go:3: status = 200, want 429 Too Many Requests",
            "permanent",
        ),
        ("src/a.ts(1,7): error TS2304: Cannot find name 'RateLimitError'.", "permanent"),
    ],
)
def test_the_cause_is_told_from_what_follows_and_what_is_only_named(message: str, label: str) -> None:
    assert as_label(classify(FailureFacts("check", message, exit_code=1), NOW)) == label


def test_git_that_is_called_wrongly_was_not_interrupted() -> None:
    assert classify(FailureFacts("git", "usage: git add", exit_code=129), NOW).kind is FailureKind.PERMANENT


@pytest.mark.parametrize("entry", [entry for entry in LEARNED + UNSEEN if entry.label == "limit"])
def test_a_limit_ends_when_it_says(entry: Labelled) -> None:
    assert entry.resets_at == entry.resets


def test_a_spending_limit_that_ends_by_itself_is_waited_for() -> None:
    told = "You've hit your monthly spend limit · raise it at https://claude.ai/settings/usage"
    assert classify(FailureFacts("api", told, api_error="rate_limit"), NOW).needs_person
    found = classify(
        FailureFacts("api", f"{told} · your weekly limit resets Oct 9, 10am (UTC)", api_error="rate_limit"),
        NOW,
    )
    assert (found.kind, found.needs_person) == (FailureKind.LIMIT, False)
    assert found.resets_at == NOW.replace(day=9, hour=10)


def test_a_limit_says_when_it_ends() -> None:
    found = classify(FailureFacts("api", "5-hour limit reached ∙ resets 3pm", api_error="rate_limit"), NOW)
    assert found.resets_at == NOW.replace(hour=15)
    found = classify(FailureFacts("api", http_status=429, retry_after=90.0), NOW)
    assert found.resets_at == NOW + timedelta(seconds=90)


def test_a_test_that_speaks_of_logging_in_to_claude_pauses_no_batch() -> None:
    message = (
        "E       MyError: Invalid API key · Please run /login\nFAILED t.py::test_x - MyError: Invalid API key"
    )
    assert not classify(FailureFacts("check", message, exit_code=1), NOW).needs_person


def test_only_the_last_64_kilobytes_are_read() -> None:
    message = "ConnectionResetError: [Errno 104] Connection reset by peer\n" + "all quiet\n" * 10_000
    assert classify(FailureFacts("report", message), NOW).kind is FailureKind.UNKNOWN


def test_a_short_answer_with_colours_is_read_like_a_plain_one() -> None:
    message = "\x1b[31mfatal\x1b[0m: unable to access 'x': \x1b[1mCould not resolve host: github.com\x1b[0m"
    assert classify(FailureFacts("git", message), NOW).kind is FailureKind.TRANSIENT


@given(
    st.text(max_size=500),
    st.sampled_from(["api", "check", "git", "gh", "client", "report"]),
    st.one_of(st.none(), st.integers(-70, 300)),
    st.one_of(st.none(), st.integers(0, 999)),
)
def test_whatever_is_known_there_is_a_judgement_with_a_reason(
    message: str, source: str, exit_code: int | None, status: int | None
) -> None:
    found = classify(FailureFacts(source, message, exit_code, http_status=status), NOW)
    assert found.reason
    assert not found.needs_person or found.kind is FailureKind.PERMANENT


def test_an_error_message_for_the_log_is_its_telling_lines_without_secrets() -> None:
    message = (
        "___ test_login ___\nE   ValueError: bad password=hunter2\nE   (more)\n"
        "----- Captured stdout call -----\nnoise\n"
        "FAILED t.py::test_login - ValueError: bad password=hunter2\n"
    )
    line = sanitize_error_message(message)
    assert line.startswith("ValueError: bad password=[redacted]")
    assert "noise" not in line
    assert "hunter2" not in line
