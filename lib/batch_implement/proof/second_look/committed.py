"""What the check comes to on exactly the tree that is to be committed, where the working files are others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.proof.results.outcome import FAILURES, Results, TestOutcome

if TYPE_CHECKING:
    from collections.abc import Collection

    from batch_implement.proof.second_look.rehearsal import Rehearsed


@dataclass(frozen=True)
class Committed:
    """``lost`` are tests that pass on the working files and not there, ``more`` those that pass only there.
    ``output`` is the end of what a check that fails there printed."""

    passed: bool
    lost: tuple[str, ...] = ()
    more: frozenset[str] = frozenset()
    output: str = ""


def of_tree(now: Results | None, seen: Rehearsed, unlike: Collection[str] = ()) -> Committed | None:
    """``now`` is what the check came to on the working files, ``unlike`` are tests that pass in no other
    folder. None for a run that took too long: it says nothing."""
    if seen.timed_out:
        return None
    here, there = now or Results(), seen.results
    passing, passing_there = _passing(here), _passing(there)
    more = frozenset(passing_there - passing)
    if not (here.by_name and there.by_name):
        enough = there.counts[TestOutcome.PASSED] >= here.counts[TestOutcome.PASSED]
        return _said(seen, seen.passed and enough, (), more)
    failed = [test.name for test in there.tests if test.outcome in FAILURES]
    lost = [name for name in dict.fromkeys([*(passing - passing_there), *failed]) if name not in unlike]
    # What fails in every folder but the project's makes the whole run fail.
    return _said(seen, not lost and (seen.passed or bool(failed)), lost, more)


def _said(seen: Rehearsed, passed: bool, lost: Collection[str], more: frozenset[str]) -> Committed:
    return Committed(passed, more=more) if passed else Committed(False, tuple(lost), more, seen.output)


def _passing(results: Results) -> Counter[str]:
    return Counter(test.name for test in results.tests if test.outcome is TestOutcome.PASSED)
