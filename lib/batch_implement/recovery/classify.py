"""Judges a failure: first by what is known for certain, then by the words of its own error lines."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import datetime

from batch_implement.recovery.api_errors import FOR_A_PERSON
from batch_implement.recovery.error_lines import (
    LINES_LIMIT,
    TAIL_LIMIT,
    before_the_last_exception,
    error_lines,
)
from batch_implement.recovery.failure import Classification, FailureFacts, FailureKind
from batch_implement.recovery.patterns import RULES, Rule, Verdict
from batch_implement.recovery.plain_failure import names_what_is_wrong
from batch_implement.recovery.program_codes import by_program_code
from batch_implement.recovery.usage_limit import reset_time
from batch_implement.system.text.secrets import redact, safe_line

_KINDS = {Verdict.TRANSIENT: FailureKind.TRANSIENT, Verdict.LIMIT: FailureKind.LIMIT}  # others are permanent

# StopFailure's ``error``; those that aren't here say too little and leave it to the text.
_API_ERRORS = {
    "rate_limit": (FailureKind.LIMIT, "a usage or rate limit was reached"),
    "overloaded": (FailureKind.LIMIT, "the API is overloaded"),
    "server_error": (FailureKind.LIMIT, "the API failed"),
    "max_output_tokens": (FailureKind.TRANSIENT, "the answer was cut off at its longest"),
    "invalid_request": (FailureKind.PERMANENT, "the API refused the request"),
    # The next turn, or the next session, begins with an attempt to compact it, or with nothing in it.
    "context_full": (FailureKind.TRANSIENT, "the conversation is too long and could not be compacted"),
}

_SIGNAL_NAMES = {one.value: one.name for one in signal.Signals}
_INTERRUPTED = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE}
_EXIT_CODES = {
    75: (FailureKind.TRANSIENT, "it asked to be tried again (exit code 75)"),  # sysexits.h
    124: (FailureKind.TRANSIENT, "it ran out of time (exit code 124)"),  # coreutils timeout
    126: (FailureKind.PERMANENT, "the command can't be executed (exit code 126)"),
    127: (FailureKind.PERMANENT, "the command was not found (exit code 127)"),
}
_GH_NOT_LOGGED_IN = 4
_GIT_USAGE = 129  # and not SIGHUP, as elsewhere
_LONGEST_CHAIN = 5


def classify(facts: FailureFacts, now: datetime) -> Classification:
    """What kind of failure it is, and why. ``now`` is aware, in the zone in which the user reads times."""
    rule = _rule(facts)
    if rule is not None and rule.verdict is Verdict.PERSON:
        return Classification(FailureKind.PERMANENT, rule.reason, needs_person=True)
    found = _by_api_error(facts) or _by_status(facts, rule) or _by_ending(facts) or _by_text(facts, rule)
    if found.kind is FailureKind.LIMIT:
        # The words know which limit it is, where Claude Code's name for the error has both.
        is_told = facts.api_error == "rate_limit" and rule is not None and rule.verdict is Verdict.LIMIT
        reason = rule.reason if is_told and rule is not None else found.reason
        return Classification(found.kind, reason, reset_time(facts.message, facts.retry_after, now))
    return found


def sanitize_error_message(text: str) -> str:
    """What went wrong as one line of its telling lines, without secrets and control characters."""
    # Cut before the secrets are, but well above what is looked at, so that no key loses its beginning.
    return safe_line("\n".join(error_lines(redact(text[-4 * TAIL_LIMIT :]))))


def _rule(facts: FailureFacts) -> Rule | None:
    """Of the last exception, and of what led to it where that one says too little."""
    text = facts.message[-TAIL_LIMIT:]
    for _ in range(_LONGEST_CHAIN):
        rule = _strongest(error_lines(text), facts.source)
        text = before_the_last_exception(text)
        if rule is not None or not text:
            return rule
    return None


def _strongest(lines: Sequence[str], source: str) -> Rule | None:
    strongest: Rule | None = None
    for line in lines:
        rule = next((rule for rule in RULES if rule.fits(line, source)), None)
        if rule is not None and (strongest is None or rule.verdict > strongest.verdict):
            strongest = rule
    return strongest


def _by_api_error(facts: FailureFacts) -> Classification | None:
    error = facts.api_error or ""
    if error in FOR_A_PERSON:
        return Classification(FailureKind.PERMANENT, FOR_A_PERSON[error], needs_person=True)
    if error in _API_ERRORS:
        return Classification(*_API_ERRORS[error])
    return None


def _by_status(facts: FailureFacts, rule: Rule | None) -> Classification | None:
    status = facts.http_status
    if status is None or status < 400:
        return None
    said = f"HTTP status {status}"
    ours = facts.source in {"api", "client"}
    if status == 429 or (status == 403 and rule is not None and rule.verdict is Verdict.LIMIT):
        return Classification(FailureKind.LIMIT, f"a rate limit was reached ({said})")
    if status >= 500:
        kind = FailureKind.LIMIT if ours else FailureKind.TRANSIENT
        return Classification(kind, f"the service failed ({said})")
    if status == 408:
        return Classification(FailureKind.TRANSIENT, f"the request took too long ({said})")
    if ours and status in {401, 402, 403}:
        return Classification(FailureKind.PERMANENT, f"the account was refused ({said})", needs_person=True)
    return Classification(FailureKind.PERMANENT, f"the request was refused ({said})")


def _by_ending(facts: FailureFacts) -> Classification | None:
    """By how the program ended."""
    if facts.timed_out:
        return Classification(FailureKind.TRANSIENT, "it ran out of time")
    if facts.source == "git" and facts.exit_code == _GIT_USAGE:
        return Classification(FailureKind.PERMANENT, "git does not know such a call (exit code 129)")
    number = _signal(facts)
    if number is not None:
        return _by_signal(number)
    if facts.source == "gh" and facts.exit_code == _GH_NOT_LOGGED_IN:
        return Classification(FailureKind.PERMANENT, "gh is not logged in (exit code 4)")
    if facts.exit_code in _EXIT_CODES:
        return Classification(*_EXIT_CODES[facts.exit_code])
    return None


def _signal(facts: FailureFacts) -> int | None:
    """The signal that ended it: itself, as a negative status, or as a shell tells it, 128 above."""
    if facts.signal is not None:
        return facts.signal
    code = facts.exit_code or 0
    if code < 0:
        return -code
    # git's and ssh's own 128 and 255 are no signals.
    return code - 128 if 128 < code < 128 + signal.NSIG else None


def _by_signal(number: int) -> Classification:
    name = _SIGNAL_NAMES.get(number, f"signal {number}")  # real-time signals have numbers only
    if number == signal.SIGKILL:
        return Classification(
            FailureKind.TRANSIENT, f"it was killed, as happens when memory runs short ({name})"
        )
    if number in _INTERRUPTED:
        return Classification(FailureKind.TRANSIENT, f"it was interrupted ({name})")
    return Classification(FailureKind.PERMANENT, f"it crashed ({name})")


def _by_text(facts: FailureFacts, rule: Rule | None) -> Classification:
    if rule is None or rule.verdict is Verdict.CONSEQUENCE:
        known = by_program_code(facts.message[-TAIL_LIMIT:].splitlines()[-LINES_LIMIT:], facts.exit_code)
        if known is not None:
            program, may_pass = known
            kind = FailureKind.TRANSIENT if may_pass else FailureKind.PERMANENT
            return Classification(kind, f"the exit code of {program} says so")
    if rule is not None:
        return Classification(_KINDS.get(rule.verdict, FailureKind.PERMANENT), rule.reason)
    if names_what_is_wrong(error_lines(facts.message), facts.source):
        return Classification(FailureKind.PERMANENT, "it names what is wrong, and nothing that could pass")
    return Classification(FailureKind.UNKNOWN, "the message says too little")
