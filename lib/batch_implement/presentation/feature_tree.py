"""The features of a plan as a small tree: each once, below the last of what it needs, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model.feature import FIRM
from batch_implement.presentation.screen import Row
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.dependencies.dependency import Dependency
    from batch_implement.engine.batch_plan import BatchPlan

_TITLE = 60
_REASON = 40
# Deeper than this nothing is moved further to the right.
_DEEPEST = 4


def tree(plan: BatchPlan) -> list[Row]:
    """Branches and leaves in the order they are worked, as far as a tree can have it."""
    needs: dict[int, list[Dependency]] = {}
    place = {index: at for at, index in enumerate(plan.analysis.order)}
    for found in plan.analysis.dependencies:
        if place[found.on] < place[found.feature]:  # not of a circle
            needs.setdefault(found.feature, []).append(found)
    for several in needs.values():
        several.sort(key=lambda one: place[one.on])
    children: dict[int, list[int]] = {}
    for index in plan.analysis.order:
        children.setdefault(needs[index][-1].on if index in needs else -1, []).append(index)
    return [_row(plan, index, depth, needs.get(index, [])) for index, depth in _walk(children)]


def beside(plan: BatchPlan, index: int) -> list[str]:
    """Where a feature stands, where that is not plain, and how much stands below it."""
    feature = plan.source.features[index]
    said = [feature.origin] if len(plan.source.files) > 1 else []
    if feature.origin and feature.body:
        count = len([line for line in feature.body.splitlines() if line.strip()])
        said.append(f"with {count} line{'s' if count > 1 else ''} below it")
    return said


def _walk(children: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Each feature with its depth; without recursion, as a chain may have a thousand."""
    stack = [(index, 0) for index in reversed(children.get(-1, []))]
    while stack:
        index, depth = stack.pop()
        yield index, depth
        stack += [(child, depth + 1) for child in reversed(children.get(index, []))]


def _row(plan: BatchPlan, index: int, depth: int, needs: list[Dependency]) -> Row:
    title = f"{index + 1}. {shorten(plan.source.features[index].text, _TITLE)}"
    branch = f"{'   ' * (min(depth, _DEEPEST) - 1)}└─ " if depth else ""
    reasons = [_reason(plan, found, is_above=found is needs[-1]) for found in needs]
    return Row("", f"{branch}{title}", [*beside(plan, index), *reasons])


def _reason(plan: BatchPlan, found: Dependency, *, is_above: bool) -> str:
    """Why it comes after another; nothing where its own words, beside its place, say so already."""
    is_mark = found.kind == "mark"
    if is_mark and found.evidence.strip("()") in plan.source.features[found.feature].text[:_TITLE]:
        return ""
    words = shorten(found.evidence, _REASON)
    said = [] if is_above else [f"after {found.on + 1}"]
    said.append(words if is_mark else f"“{words}”")
    return " ".join(said if found.confidence >= FIRM else [*said, "(perhaps)"])
