"""What a person has to hear of a batch's proofs before anything else."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from batch_implement.model.evidence import Evidence
from batch_implement.system.text.cleaning import markdown_text
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.model.batch import Batch

_TITLE = 80
_NAMED = 10
_WHY = 600
_NOTHING_KNOWN = Evidence()
EXEMPT = {
    "documentation": "documentation only",
    "configuration": "configuration only",
    "tests": "tests only",
    "refactoring": "a refactoring under the old tests",
}


def changed_expectations(batch: Batch) -> str:
    """The section with each expectation that a feature changed, why, and its old and new lines."""
    lines: list[str] = []
    for index, evidence in _done(batch):
        for changed, following in zip_longest(evidence.changed, evidence.changed[1:]):
            lines.append(f"- {_name(batch, index)}: {changed.test} — {changed.why}")
            # Rows of one test have their lines in common.
            if changed.diff and (following is None or following.diff != changed.diff):
                lines += ["", "  ```diff", *(f"  {line}" for line in changed.diff.splitlines()), "  ```", ""]
    return "\n".join(["## Changed expectations", "", *lines]).rstrip() if lines else ""


def to_look_at(batch: Batch) -> list[str]:
    """One line for each feature, and what its proof does not say."""
    return [
        f"{_name(batch, index)}: {what}"
        for index, evidence in _done(batch)
        for what in _weak_points(evidence)
    ]


def _weak_points(evidence: Evidence) -> Iterator[str]:
    if evidence.no_change:
        yield f"nothing was changed for it, since {markdown_text(evidence.no_change, _WHY)}"
    if evidence.unshown:
        yield "no test shows this feature"
    if evidence.looser:
        more = f" and {len(evidence.looser) - _NAMED} more" if len(evidence.looser) > _NAMED else ""
        yield f"checked less strictly by {'; '.join(evidence.looser[:_NAMED])}{more}"


def _done(batch: Batch) -> Iterator[tuple[int, Evidence]]:
    done = frozenset(batch.completed_features)
    for index in batch.order:
        if index in done:
            yield index, batch.evidence.get(index, _NOTHING_KNOWN)


def _name(batch: Batch, index: int) -> str:
    return f"{index + 1}. {shorten(batch.features[index].text, _TITLE)}"
