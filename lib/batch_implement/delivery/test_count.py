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
_COUNT_WORD = re.compile(r"(\d{1,9}) (passed|failed|skipped|todo|total)\b")


class Tests(NamedTuple):
    """``total`` counts every test collected, the skipped ones too."""

    total: int
    skipped: int = 0


def count_tests(output: str) -> Tests | None:
    """The tests of all summaries in the output together; None when no runner's summary is in it."""
    counts = [count for line in output.splitlines() if (count := _count(line))]
    if not counts:
        return None
    return Tests(sum(count.total for count in counts), sum(count.skipped for count in counts))


def _count(line: str) -> Tests | None:
    if len(line) > _LONGEST_LINE:
        return None
    plain = _ANSI.sub("", line).rstrip()
    return next((tests for read in _READERS if (tests := read(plain)) is not None), None)


def _pytest(line: str) -> Tests | None:
    if not _PYTEST_LINE.match(line):
        return None
    counts = {word: int(number) for number, word in _PYTEST.findall(line)}
    counts.pop("deselected", None)
    return Tests(sum(counts.values()), counts.get("skipped", 0))


def _jest_or_vitest(line: str) -> Tests | None:
    """``Tests: 1 failed, 2 passed, 3 total`` (jest), ``Tests  2 passed | 1 skipped (3)`` (vitest)."""
    if not _JEST_LINE.match(line):
        return None
    counts = {word: int(number) for number, word in _COUNT_WORD.findall(line)}
    total = counts.pop("total", sum(counts.values()))
    return Tests(total, counts.get("skipped", 0) + counts.get("todo", 0)) if counts or total else None


_LINES: tuple[tuple[re.Pattern[str], tuple[int, ...], int], ...] = (
    # pattern, the groups that add up to the total, the group of the skipped ones (0: none)
    (re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored"), (1, 2, 3), 3),
    (re.compile(r"^\s{0,8}--- (?:PASS|FAIL|(SKIP)): "), (), 1),
    (re.compile(r"^Ran (\d+) tests? in \d"), (1,), 0),
    (re.compile(r"^\s{0,20}(\d+) passing(?: \(|$)"), (1,), 0),
    (re.compile(r"^\s{0,20}(\d+) failing$"), (1,), 0),
    (re.compile(r"^\s{0,20}(\d+) pending$"), (1,), 1),
    (re.compile(r"^(\d+) examples?, \d+ failures?(?:, (\d+) pending)?"), (1,), 2),
    (re.compile(r"^OK \((\d+) tests?, "), (1,), 0),
    (re.compile(r"^Tests: (\d+), Assertions: \d+(?:, .{0,200}Skipped: (\d+))?"), (1,), 2),
    (re.compile(r"^(?:# tests|\u2139 tests) (\d+)$"), (1,), 0),
    (re.compile(r"^(?:\d+ doctests?, )?(\d+) tests?, \d+ failures?(?:, (\d+) skipped)?"), (1,), 2),
    (re.compile(r"^(?:\[[A-Z]+\] )?Tests run: (\d+), Failures: \d+, Errors: \d+, Skipped: (\d+)$"), (1,), 2),
    (re.compile(r"^ok \| (\d+) passed .{0,60}\| (\d+) failed"), (1, 2), 0),
    (re.compile(r"^FAILED \| (\d+) passed .{0,60}\| (\d+) failed"), (1, 2), 0),
)


def _other(line: str) -> Tests | None:
    for pattern, added, skipped in _LINES:
        if match := pattern.match(line):
            number = int(match[skipped]) if skipped and (match[skipped] or "").isdigit() else 0
            if not added:
                return Tests(1, 1 if match[skipped] else 0)
            return Tests(sum(int(match[group]) for group in added), number)
    return None


_READERS = (_pytest, _jest_or_vitest, _other)
