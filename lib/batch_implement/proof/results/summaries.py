"""What the summaries of test runners look like, and what their words mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from batch_implement.proof.results.outcome import TestOutcome

TOTAL = "total"

_P, _F, _E = TestOutcome.PASSED, TestOutcome.FAILED, TestOutcome.ERROR
_S, _X, _U = TestOutcome.SKIPPED, TestOutcome.EXPECTED_FAILURE, TestOutcome.UNEXPECTED_PASS


@dataclass(frozen=True)
class Block:
    """A summary of several lines; ``first`` is the line with which a new one begins."""

    runner: str
    line: re.Pattern[str]
    first: re.Pattern[str]


# One line each; that of xctest is known by the line above it. In ``counts`` are numbers with words, or one
# word where each test has its line.
SUMMARIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "pytest",
        re.compile(
            r"^=* ?(?P<counts>(?:\d{1,9} (?:passed|failed|skipped|xfailed|xpassed|errors?|deselected"
            r"|warnings?|rerun|subtests passed|subtests failed)(?:, )?){1,12}|no tests ran) in \d"
        ),
    ),
    ("phpunit", re.compile(r"^(?P<counts>Tests: \d{1,9}, Assertions: \d{1,9}.{0,200})$")),
    ("jest", re.compile(r"^\s{0,20}Tests:\s{1,20}(?P<counts>\d.{0,200})$")),
    (
        "vitest",
        re.compile(
            r"^\s{0,20}Tests\s{1,20}"
            r"(?P<counts>\d{1,9} (?:passed|failed|skipped|todo|expected fail)\b.{0,200})$"
        ),
    ),
    ("cargo", re.compile(r"^test result: \w+\. (?P<counts>\d{1,9} passed; \d{1,9} failed; \d{1,9} ignored)")),
    ("go", re.compile(r".{0,300}?--- (?P<counts>PASS|FAIL|SKIP): \S{1,300} \(\d")),
    ("rspec", re.compile(r"^(?P<counts>\d{1,9} examples?, \d{1,9} failures?.{0,120})$")),
    ("phpunit", re.compile(r"^OK \((?P<counts>\d{1,9} tests?), ")),
    (
        "mix",
        re.compile(
            r"^(?P<counts>(?:\d{1,9} doctests?, )?(?:\d{1,9} propert(?:y|ies), )?\d{1,9} tests?, "
            r"\d{1,9} failures?(?:, .{0,80})?)$"
        ),
    ),
    (
        "maven",
        re.compile(
            r"^(?:\[[A-Z]{1,9}\] )?"
            r"(?P<counts>Tests run: \d{1,9}, Failures: \d{1,9}, Errors: \d{1,9}, Skipped: \d{1,9})$"
        ),
    ),
    ("gradle", re.compile(r"^(?P<counts>\d{1,9} tests? completed(?:, \d{1,9} (?:failed|skipped)){0,2})$")),
    ("ctest", re.compile(r"^\d{1,3}% tests passed, (?P<counts>\d{1,9} tests? failed out of \d{1,9})$")),
    (
        "xctest",
        re.compile(
            r"^Test Suite '(?:All|Selected) tests' (?:passed|failed) at .{0,80}\n"
            r"\s{0,9}(?P<counts>Executed \d{1,9} tests?, with .{0,120}) in \d"
        ),
    ),
    ("deno", re.compile(r"^(?:ok|FAILED) \| (?P<counts>\d{1,9} passed .{0,60}?\| \d{1,9} failed.{0,60})")),
    (
        "swift testing",
        re.compile(
            r"^\S{0,3}\s{0,3}Test run with (?P<counts>\d{1,9} tests?)\b.{0,80} (?:passed|failed) after "
        ),
    ),
)

BLOCKS: tuple[Block, ...] = (
    Block(
        "unittest",
        re.compile(r"^(?P<counts>Ran \d{1,9} tests? in \d|(?:OK|FAILED) \((?:.{0,120}=\d{1,9})\)$)"),
        re.compile(r"^Ran "),
    ),
    Block(
        "mocha",
        re.compile(r"^\s{0,20}(?P<counts>\d{1,9} (?:passing(?= \(|$)|failing$|pending$))"),
        re.compile(r"^\s{0,20}\d{1,9} passing"),
    ),
    Block(
        "node",
        re.compile(r"^(?:#|\u2139) (?P<counts>(?:pass|fail|cancelled|skipped|todo) \d{1,9})$"),
        re.compile(r"^(?:#|\u2139) pass "),
    ),
    Block(
        "bun",
        re.compile(r"^ {0,2}(?P<counts>\d{1,9} (?:pass|fail|skip|todo)$)"),
        re.compile(r"^ {0,2}\d{1,9} pass$"),
    ),
)

WORDS: dict[str, dict[str, TestOutcome | str]] = {
    "pytest": {
        "passed": _P,
        "failed": _F,
        "skipped": _S,
        "xfailed": _X,
        "xpassed": _U,
        "error": _E,
        "errors": _E,
    },
    "jest": {"passed": _P, "failed": _F, "skipped": _S, "todo": _S},
    "vitest": {"passed": _P, "failed": _F, "skipped": _S, "todo": _S, "expected fail": _X},
    "cargo": {"passed": _P, "failed": _F, "ignored": _S},
    "go": {"pass": _P, "fail": _F, "skip": _S},
    "rspec": {
        "examples": TOTAL,
        "example": TOTAL,
        "failures": _F,
        "failure": _F,
        "pending": _S,
        "errors": _E,
        "error": _E,
    },
    "phpunit": {
        "tests": TOTAL,
        "test": TOTAL,
        "failures": _F,
        "errors": _E,
        "skipped": _S,
        "incomplete": _S,
    },
    "mix": {
        **dict.fromkeys(("doctest", "doctests", "property", "properties", "test", "tests"), TOTAL),
        "failures": _F,
        "failure": _F,
        "invalid": _E,
        "skipped": _S,
    },
    "maven": {"run": TOTAL, "failures": _F, "errors": _E, "skipped": _S},
    "gradle": {"tests": TOTAL, "test": TOTAL, "failed": _F, "skipped": _S},
    "ctest": {"tests failed": _F, "test failed": _F, "of": TOTAL},
    "xctest": {
        "tests": TOTAL,
        "test": TOTAL,
        "tests skipped": _S,
        "test skipped": _S,
        "failures": _F,
        "failure": _F,
    },
    "deno": {"passed": _P, "failed": _F, "ignored": _S},
    "swift testing": {"tests": TOTAL, "test": TOTAL},
    "unittest": {
        "tests": TOTAL,
        "test": TOTAL,
        "failures": _F,
        "errors": _E,
        "skipped": _S,
        "expected failures": _X,
        "unexpected successes": _F,
    },
    "mocha": {"passing": _P, "failing": _F, "pending": _S},
    "node": {"pass": _P, "fail": _F, "cancelled": _E, "skipped": _S, "todo": _X},
    "bun": {"pass": _P, "fail": _F, "skip": _S, "todo": _S},
}
