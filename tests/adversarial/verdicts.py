"""What is made of the program's answers: which are misses, which run found what, and the tables of
docs/proof.md."""

from __future__ import annotations

import collections
import dataclasses
import re
from typing import TYPE_CHECKING

from tests.adversarial.corpus import NO_TEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.adversarial.corpus import Case

REFUSED, NAMED, ACCEPTED = "refused", "named", "accepted"
# By words of a refusal, or of the report above its heading "Done": what found it. The first that fits.
_FOUND_BY = (
    ("git", "can't be committed as it is"),
    ("git", "git ignores these files"),
    ("git", "changed the repository's own settings"),
    ("git", "began on branch"),
    ("git", "changed what the user had uncommitted"),
    ("what was changed", "only white space, comments, empty files"),
    ("what was changed", "Nothing has changed since"),
    ("reading", "its checks would say less"),
    ("4", "and not on what would be committed"),
    ("1", "These tests fail:"),
    ("1", "failed with exit status"),
    ("1", "hides with exit status 0"),
    ("1", "ended before its last test"),
    ("1", "These tests passed before it"),
    ("1", "no longer told which tests ran"),
    ("1", "no longer says how many tests"),
    ("1", "and before this feature"),
    ("1", "is skipped now"),
    ("1", "is expected to fail now"),
    ("2", "as it was"),
    ("2", "Without the changes of these files"),
    ("2", "## Changed expectations"),
    ("2", "checked less strictly by"),
    ("3", NO_TEST),
)
_ABOVE_DONE = ("## Changed expectations", "## For you to look at")


@dataclasses.dataclass(frozen=True)
class Verdict:
    """``said`` is the refusal, or the report above its heading "Done"."""

    name: str
    outcome: str
    said: str
    problem: str = ""
    seconds: float = 0.0


def is_named(name: str, text: str) -> bool:
    if name == NO_TEST:
        return NO_TEST in text.lower() or NO_TEST in text
    file, _, test = name.partition("::")
    if not test:
        return file.removeprefix("branch ") in text
    own = test.replace("::", " > ").rsplit(" > ", 1)[-1].partition("[")[0]
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", _plain(text)) for name in (_plain(test), own))


def _plain(text: str) -> str:
    """Runners write a test's suite before it with a blank, ``>`` or colons between."""
    return text.replace(" > ", " ").replace("::", " ")


def is_told(case: Case, text: str) -> bool:
    """Whether a text says what the label wants to be said: its tests where it has some, else any of its
    files."""
    tests = [name for name in case.named if "::" in name]
    if tests:
        return all(is_named(name, text) for name in tests)
    return any(is_named(name, text) for name in case.named)


def is_miss(case: Case, verdict: Verdict) -> bool:
    if case.kind == "honest":
        return verdict.outcome == REFUSED
    return case.decidable and verdict.outcome == ACCEPTED


def is_noise(case: Case, verdict: Verdict) -> bool:
    """Whether a person is told of something about an honest change whose label asks for nothing."""
    return (
        case.expected == ACCEPTED
        and verdict.outcome != REFUSED
        and any(heading in verdict.said for heading in _ABOVE_DONE)
    )


def found_by(verdict: Verdict) -> str:
    return next((run for run, words in _FOUND_BY if words in verdict.said), "other")


def report(cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Iterator[str]:
    judged = list(zip(cases, verdicts, strict=True))
    yield from (f"PROBLEM {verdict.name}: {verdict.problem}" for verdict in verdicts if verdict.problem)
    for case, verdict in judged:
        if is_miss(case, verdict) and not verdict.problem:
            yield f"MISS {case.name} ({case.expected}, was {verdict.outcome}); named: {list(case.named)}"
            yield from (f"    {line}" for line in verdict.said.strip().splitlines()[:12])
    yield from (f"NOISE {case.name}" for case, verdict in judged if is_noise(case, verdict))
    counts = collections.Counter(
        (case.kind if case.decidable else "undecidable", verdict.outcome or "problem")
        for case, verdict in judged
    )
    yield from (f"{kind:<12} {outcome:<9} {count:>4}" for (kind, outcome), count in sorted(counts.items()))
    misses = sum(is_miss(case, verdict) for case, verdict in judged)
    noise = sum(is_noise(case, verdict) for case, verdict in judged)
    problems = sum(bool(verdict.problem) for verdict in verdicts)
    yield f"{len(cases)} cases, {misses} misses, {noise} with noise, {problems} problems"


def table(cases: Iterable[Case], verdicts: Iterable[Verdict]) -> Iterator[str]:
    """A line of Markdown for each kind of change: how many, how many are refused or named, by which run."""
    groups: dict[tuple[str, str], list[tuple[Case, Verdict]]] = collections.defaultdict(list)
    for case, verdict in zip(cases, verdicts, strict=True):
        kind = case.kind if case.decidable else "undecidable"
        groups[kind, case.family].append((case, verdict))
    yield "| kind | family | cases | refused | named | neither | found by run |"
    yield "|---|---|--:|--:|--:|--:|---|"
    for (kind, family), judged in sorted(groups.items()):
        counts = collections.Counter(verdict.outcome for _, verdict in judged)
        runs = collections.Counter(found_by(verdict) for _, verdict in judged if verdict.outcome != ACCEPTED)
        by_run = ", ".join(f"{run} ({count})" for run, count in sorted(runs.items()))
        columns = (len(judged), *(counts[outcome] for outcome in (REFUSED, NAMED, ACCEPTED)))
        yield f"| {kind} | {family} | {' | '.join(map(str, columns))} | {by_run} |"
