"""How many tests a check ran, read from what its runner prints."""

from __future__ import annotations

import re
from typing import NamedTuple

_ANSI = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# A runner's summary is one line; a longer line is data that a test printed.
_LONGEST_LINE = 500
_PYTEST = re.compile(r"(\d{1,9}) (passed|failed|skipped|xfailed|xpassed|errors?|deselected)\b")
_PYTEST_LINE = re.compile(r"^=* ?(\d{1,9} [a-z]{4,10}.* in \d|no tests ran)")
_JEST_LINE = re.compile(r"^\s{0,20}Tests:?\s{1,20}(?=\d)")
_GO_LINE = re.compile(r"^\s{0,8}--- (?:PASS|FAIL|(SKIP)): ")
# unittest and node tell in a line of their own how many of the tests were skipped.
_SKIPPED_LINE = re.compile(r"^(?:OK|FAILED) \(.{0,80}?skipped=(\d{1,9})|^(?:#|\u2139) skipped (\d{1,9})$")
_COUNT_WORD = re.compile(r"(\d{1,9}) (passed|failed|skipped|todo|total)\b")


class Tests(NamedTuple):
    """``total`` counts every test collected, the skipped ones too."""

    total: int
    skipped: int = 0


def count_tests(output: str) -> Tests | None:
    """The tests of all summaries in the output together; None when no runner's summary is in it."""
    total, skipped, found = 0, 0, False
    for line in output.splitlines():
        if len(line) > _LONGEST_LINE:
            continue
        plain = _ANSI.sub("", line).rstrip()
        count = next((tests for read in _READERS if (tests := read(plain)) is not None), None)
        if count is not None:
            total, skipped, found = total + count.total, skipped + count.skipped, True
        elif match := _SKIPPED_LINE.match(plain):
            skipped += int(match[1] or match[2])
    return Tests(total, skipped) if found else None


def _pytest(line: str) -> Tests | None:
    if not _PYTEST_LINE.match(line):
        return None
    counts = {word: int(number) for number, word in _PYTEST.findall(line)}
    if not counts and "no tests ran" not in line:
        return None
    counts.pop("deselected", None)
    return Tests(sum(counts.values()), counts.get("skipped", 0))


def _jest_or_vitest(line: str) -> Tests | None:
    """``Tests: 1 failed, 2 passed, 3 total`` (jest), ``Tests  2 passed | 1 skipped (3)`` (vitest)."""
    if not _JEST_LINE.match(line):
        return None
    counts = {word: int(number) for number, word in _COUNT_WORD.findall(line)}
    total = counts.pop("total", sum(counts.values()))
    return Tests(total, counts.get("skipped", 0) + counts.get("todo", 0)) if counts or total else None


def _go(line: str) -> Tests | None:
    """go has no summary, only a line for each test."""
    match = _GO_LINE.match(line)
    return Tests(1, 1 if match[1] else 0) if match else None


# The groups that add up to the total, by pattern; the one named ``skipped`` is among them or part of them.
_LINES: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (
        re.compile(r"^test result: \w+\. (\d{1,9}) passed; (\d{1,9}) failed; (?P<skipped>\d{1,9}) ignored"),
        (1, 2, 3),
    ),
    (re.compile(r"^Ran (\d{1,9}) tests? (?:in|across) \d"), (1,)),
    (re.compile(r"^\s{0,20}(\d{1,9}) (?:passing(?: \(|$)|failing$)"), (1,)),
    (re.compile(r"^\s{0,20}(?P<skipped>\d{1,9}) pending$"), (1,)),
    (re.compile(r"^(\d{1,9}) examples?, \d+ failures?(?:, (?P<skipped>\d{1,9}) pending)?"), (1,)),
    (re.compile(r"^OK \((\d{1,9}) tests?, "), (1,)),
    (re.compile(r"^Tests: (\d{1,9}), Assertions: \d+(?:, .{0,200}Skipped: (?P<skipped>\d{1,9}))?"), (1,)),
    (re.compile(r"^(?:# tests|\u2139 tests) (\d{1,9})$"), (1,)),
    (
        re.compile(
            r"^(?:(\d{1,9}) doctests?, )?(?:(\d{1,9}) propert(?:y|ies), )?(\d{1,9}) tests?, \d+ failures?"
            r"(?:, .{0,60}?(?P<skipped>\d{1,9}) skipped)?"
        ),
        (1, 2, 3),
    ),
    (
        re.compile(
            r"^(?:\[[A-Z]+\] )?Tests run: (\d{1,9}), Failures: \d+, Errors: \d+, "
            r"Skipped: (?P<skipped>\d{1,9})$"
        ),
        (1,),
    ),
    (
        re.compile(
            r"^(?:ok|FAILED) \| (\d{1,9}) passed .{0,60}?\| (\d{1,9}) failed"
            r"(?: \(.{0,40}?\))?(?: \| (?P<skipped>\d{1,9}) ignored)?"
        ),
        (1, 2, 3),
    ),
)


def _other(line: str) -> Tests | None:
    for pattern, added in _LINES:
        if match := pattern.match(line):
            total = sum(int(match[group] or 0) for group in added)
            return Tests(total, int(match.groupdict().get("skipped") or 0))
    return None


_READERS = (_pytest, _jest_or_vitest, _go, _other)
