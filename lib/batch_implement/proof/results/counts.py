"""How many tests of each kind a check ran, read from the summary that its runner prints."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.proof.results.summaries import BLOCKS, SUMMARIES, TOTAL, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Counts = Counter[TestOutcome]

_ANSI = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# A runner's summary is one line; a longer line is data that a test printed.
_LONGEST_LINE = 500
# "3 passed", "1 expected fail", "2 tests skipped"; "Failures: 3", "expected failures=1", "out of 5".
_NUMBERED = re.compile(r"(?<![\d.])(\d{1,9}) ([A-Za-z]{1,20}(?: (?:fail|failed|skipped)\b)?)")
_LABELLED = re.compile(r"\b([A-Za-z]{1,20}(?: (?:failures|successes))?)(?:[:=]\s?| )(\d{1,9})\b")


def count_kinds(output: str) -> Mapping[str, Counts]:
    """By runner, the tests of all its summaries together; only those that have one are in it."""
    found: dict[str, Counts] = {}
    reader = _Reader(found)
    for line in output.splitlines():
        if len(line) <= _LONGEST_LINE:
            reader.hear(_ANSI.sub("", line).rstrip())
    reader.end_block()
    return found


class _Reader:
    """``found`` is added to. A summary of several lines is a block: it ends where another begins."""

    def __init__(self, found: dict[str, Counts]) -> None:
        self._found = found
        self._block = ""
        self._numbers: Counter[str] = Counter()
        self._previous = ""

    def hear(self, line: str) -> None:
        self._previous, two = line, f"{self._previous}\n{line}"
        for runner, pattern in SUMMARIES:
            if match := pattern.match(two if runner == "xctest" else line):
                self._add(runner, _numbers(match["counts"]))
                return
        for block in BLOCKS:
            if match := block.line.match(line):
                if self._block != block.runner or block.first.match(line):
                    self.end_block()
                    self._block = block.runner
                self._numbers.update(_numbers(match["counts"]))
                return

    def end_block(self) -> None:
        if self._block and self._numbers:
            self._add(self._block, self._numbers)
        self._block, self._numbers = "", Counter()

    def _add(self, runner: str, numbers: Counter[str]) -> None:
        kinds = self._found.setdefault(runner, Counter())
        words = WORDS[runner]
        others = 0
        for word, number in numbers.items():
            kind = words.get(word)
            if isinstance(kind, TestOutcome):
                kinds[kind] += number
                others += number
        # What the summary says by the total alone has passed.
        total = sum(number for word, number in numbers.items() if words.get(word) is TOTAL)
        kinds[TestOutcome.PASSED] += max(0, total - others)


def _numbers(text: str) -> Counter[str]:
    numbers: Counter[str] = Counter({text.lower(): 1} if text.isalpha() else {})
    for number, word in _NUMBERED.findall(text):
        numbers[word.lower()] += int(number)
    for word, number in _LABELLED.findall(text):
        numbers[word.lower()] += int(number)
    return numbers
