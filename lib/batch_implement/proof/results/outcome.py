"""What became of the tests in one run of a check: by name where the runner tells it, else their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class TestOutcome(Enum):
    """Only ``PASSED`` shows that something works; one that is skipped or expected to fail shows nothing."""

    __test__ = False  # it is no test itself, whatever its name begins with

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """It could not be carried out: its fixture or its module failed, or the runner died in it."""
    SKIPPED = "skipped"
    EXPECTED_FAILURE = "expected failure"
    """Declared to fail, or still to do; it counts as that whether or not it did."""
    UNEXPECTED_PASS = "unexpected pass"  # noqa: S105 -- no password
    """Declared to fail and did not, in a runner that lets that pass; one that doesn't says ``FAILED``."""


FAILURES = frozenset({TestOutcome.FAILED, TestOutcome.ERROR})


@dataclass(frozen=True)
class NamedTest:
    """One test that was run once; a name that was run twice is there twice."""

    name: str
    outcome: TestOutcome


@dataclass(frozen=True)
class Results:
    """What is known of one run. Several runners in one check are in it together.

    ``tests`` are those known by name, ``counted`` the others: a runner's tests are in one of them, never in
    both. ``cut_off`` says why the run ended before its last test, ``missing`` names the runners that were
    to write a report and did not: what is known of those is counted at best.
    """

    tests: tuple[NamedTest, ...] = ()
    counted: tuple[tuple[TestOutcome, int], ...] = ()
    cut_off: str = ""
    missing: tuple[str, ...] = ()

    @property
    def by_name(self) -> bool:
        """Whether every test that is known of is known by its name."""
        return bool(self.tests) and not self.counted and not self.missing

    @cached_property
    def counts(self) -> Counter[TestOutcome]:
        """How many of each kind, named or not."""
        total = Counter(test.outcome for test in self.tests)
        for outcome, number in self.counted:
            total[outcome] += number
        return total

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def failures(self) -> int:
        """How many failed, whatever the exit status of the run says."""
        return sum(self.counts[outcome] for outcome in FAILURES)


def together(first: Results, second: Results) -> Results:
    """The results of two steps of one check."""
    counted = Counter(dict(first.counted))
    counted.update(dict(second.counted))
    return Results(
        (*first.tests, *second.tests),
        tuple((outcome, counted[outcome]) for outcome in TestOutcome if counted[outcome]),
        first.cut_off or second.cut_off,
        tuple(dict.fromkeys((*first.missing, *second.missing))),
    )
