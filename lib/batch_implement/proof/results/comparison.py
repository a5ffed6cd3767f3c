"""What two runs of a check say about each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from batch_implement.proof.results.outcome import FAILURES, NamedTest, Results, TestOutcome


@dataclass(frozen=True)
class Loss:
    """``number`` tests of this name passed before and don't any more.

    ``became`` is what they came to, None where they are gone (or were not reached: see ``cut_off`` of the
    results). ``name`` is empty where only numbers are known.
    """

    name: str
    number: int
    became: TestOutcome | None


def lost(before: Results, after: Results) -> tuple[Loss, ...]:
    """What passed before and is now gone, skipped, expected to fail or failing, in the order of ``before``.

    What is known by name in one of the two only is compared by numbers, which can't see that one test has
    taken another's place.
    """
    if before.missing != after.missing or bool(before.counted) != bool(after.counted):
        return _fewer(before.counts, after.counts)
    return (
        *_lost_by_name(before, after),
        *_fewer(Counter(dict(before.counted)), Counter(dict(after.counted))),
    )


def _lost_by_name(before: Results, after: Results) -> tuple[Loss, ...]:
    passed, passing = _passes(before), _passes(after)
    others: dict[str, list[TestOutcome]] = {}
    for test in after.tests:
        if test.outcome is not TestOutcome.PASSED:
            others.setdefault(test.name, []).append(test.outcome)
    return tuple(
        Loss(name, number - passing[name], next(iter(others.get(name, ())), None))
        for name, number in passed.items()
        if passing[name] < number
    )


def failed(after: Results) -> tuple[NamedTest, ...]:
    """Every failure; those that are only counted have no name."""
    return (
        *(test for test in after.tests if test.outcome in FAILURES),
        *(
            NamedTest("", outcome)
            for outcome, number in after.counted
            if outcome in FAILURES
            for _ in range(min(number, 1000))
        ),
    )


def added(before: Results, after: Results) -> tuple[NamedTest, ...]:
    """The tests whose names are new, with what they came to; of one name, as many as are more than before.

    Empty where one of the two is not known by name.
    """
    if not (before.by_name and after.by_name):
        return ()
    known = Counter(test.name for test in before.tests)
    new = []
    for test in after.tests:
        if known[test.name]:
            known[test.name] -= 1
        else:
            new.append(test)
    return tuple(new)


def _passes(results: Results) -> Counter[str]:
    return Counter(test.name for test in results.tests if test.outcome is TestOutcome.PASSED)


def _fewer(before: Counter[TestOutcome], after: Counter[TestOutcome]) -> tuple[Loss, ...]:
    """The passes that are missing, laid to the kinds of which there are more now.

    More that show nothing are a loss even then: a new test may have taken the place of one of them.
    """
    missing = before[TestOutcome.PASSED] - after[TestOutcome.PASSED]
    losses = []
    for outcome in TestOutcome:
        more = after[outcome] - before[outcome]
        if outcome in FAILURES:
            more = min(missing, more)
        if outcome is not TestOutcome.PASSED and more > 0:
            losses.append(Loss("", more, outcome))
            missing -= more
    return (*losses, Loss("", missing, None)) if missing > 0 else tuple(losses)
