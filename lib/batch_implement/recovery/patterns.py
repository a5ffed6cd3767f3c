"""Which words of an error line say what: ``patterns.txt``, in the order in which it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

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
    expression: str
    sources: frozenset[str]  # none: whatever failed

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when it is first asked: whoever starts without a failure does not wait for it."""
        return re.compile(self.expression, re.IGNORECASE)

    def fits(self, line: str, source: str) -> bool:
        return (not self.sources or source in self.sources) and self.pattern.search(line) is not None


def _rule(heading: str, *patterns: str) -> Rule:
    words, _, reason = heading.removeprefix("[").partition("] ")
    verdict, *sources = words.split()
    return Rule(Verdict[verdict.upper()], reason, "|".join(patterns), frozenset(sources))


RULES = tuple(_rule(*block) for block in blocks_beside(__file__))
