"""Which words of an error line say what: ``patterns.txt``, in the order in which it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from batch_implement.system.text.tables import blocks_beside


class Verdict(IntEnum):
    """What a line says; of several lines the highest counts.

    A failed assertion among lost connections is a failed assertion: retrying would not mend it.
    """

    CONSEQUENCE = 1  # that it failed, and not why, where another line may tell
    TRANSIENT = 2
    LIMIT = 3
    PERMANENT = 4
    PERSON = 5


@dataclass(frozen=True)
class Rule:
    verdict: Verdict
    reason: str
    pattern: re.Pattern[str]
    sources: frozenset[str]  # none: whatever failed

    def fits(self, line: str, source: str) -> bool:
        return (not self.sources or source in self.sources) and self.pattern.search(line) is not None


def _rule(heading: str, *patterns: str) -> Rule:
    words, _, reason = heading.removeprefix("[").partition("] ")
    verdict, *sources = words.split()
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    return Rule(Verdict[verdict.upper()], reason, pattern, frozenset(sources))


RULES = tuple(_rule(*block) for block in blocks_beside(__file__))
