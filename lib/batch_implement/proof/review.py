"""Whether another reader is to look at a feature, and what follows from what it said.

A verdict never makes a feature done: it sends the work back, or stands in the report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from batch_implement.model.record import replace
from batch_implement.model.review import Review
from batch_implement.system.text.cleaning import one_line

if TYPE_CHECKING:
    from batch_implement.json_types import JsonObject
    from batch_implement.model.evidence import Evidence

# Findings go back this often; after that they stand in the report.
MAX_RETURNED = 2
# One that was asked for so often on the same tree, and did not answer, is not coming.
MAX_ASKED = 2
_MOST_FINDINGS = 10
_LONGEST = 400


@dataclass(frozen=True)
class Ask:
    """A reviewer is to be started; ``review`` is what is known then."""

    review: Review


@dataclass(frozen=True)
class SendBack:
    """Who implements hears of the findings."""

    review: Review
    findings: tuple[str, ...]


@dataclass(frozen=True)
class GoOn:
    """``findings`` stand in the report; ``answered`` is False where no reviewer gave a verdict."""

    findings: tuple[str, ...] = ()
    answered: bool = True


Step: TypeAlias = "Ask | SendBack | GoOn"


def is_wanted(setting: str, evidence: Evidence) -> bool:
    """``setting`` is that of BATCH_REVIEW."""
    return setting == "all" or (setting == "flagged" and is_flagged(evidence))


def is_flagged(evidence: Evidence) -> bool:
    """Whether the runs found something that a reader may judge better than they."""
    return bool(evidence.weaker or evidence.no_change or evidence.changed or evidence.looser)


def next_step(review: Review | None, tree: str) -> Step:
    """What follows for work whose proven tree is ``tree``."""
    if review is None or review.tree != tree:
        return Ask(Review(tree=tree, asked=1, returned=review.returned if review is not None else 0))
    findings = findings_in(review.said)
    if findings is None:
        if review.asked >= MAX_ASKED:
            return GoOn(answered=False)
        return Ask(replace(review, asked=review.asked + 1, said=""))
    if findings and review.returned < MAX_RETURNED:
        return SendBack(replace(review, returned=review.returned + 1), findings)
    return GoOn(findings)


def findings_in(said: str) -> tuple[str, ...] | None:
    """``file:line: problem`` of each, in one line; None for what is no verdict."""
    try:
        answer = json.loads(said[said.find("{") : said.rfind("}") + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    if answer.get("verdict") == "fine":
        return ()
    found = answer.get("findings")
    if answer.get("verdict") != "findings" or not isinstance(found, list):
        return None
    lines = tuple(line for one in found[:_MOST_FINDINGS] if isinstance(one, dict) and (line := _line(one)))
    return lines or None


def _line(finding: JsonObject) -> str:
    problem = one_line(str(finding.get("problem") or ""), _LONGEST)
    place = one_line(str(finding.get("file") or ""), _LONGEST)
    number = finding.get("line")
    where = f"{place}:{number}" if place and isinstance(number, int) else place
    return (f"{where}: {problem}" if where else problem) if problem else ""
