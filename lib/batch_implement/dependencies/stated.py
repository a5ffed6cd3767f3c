"""Dependencies that somebody wrote down: marks, issue numbers after a keyword, links the source knows of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Dependency
from batch_implement.dependencies.named import NamedFeatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.references import NameIndex
    from batch_implement.dependencies.marks import Mark, MarkedText
    from batch_implement.sources.base import Feature

# Bounds on what marks can ask for: every feature after every other would be a million dependencies.
MAX_STATED = 20_000
MAX_NOTICES = 100
_RANGE = re.compile(r"(\d{1,4})-(\d{1,4})")
_ISSUE_TITLE = re.compile(r"\s{0,9}(?:issue\s{1,9})?#(\d{1,9})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """What was written down: dependencies, features said to wait for nothing, and what made no sense."""

    dependencies: tuple[Dependency, ...]
    independent: frozenset[int]
    notices: tuple[str, ...]


def stated_dependencies(
    features: Sequence[Feature],
    texts: Sequence[MarkedText],
    read: Sequence[FeatureWords],
    names: NameIndex,
) -> Stated:
    """Follow every mark and link; what can't be followed becomes a notice."""
    resolver = _Resolver(_issues(features), NamedFeatures(read, names))
    found: list[Dependency] = []
    independent: set[int] = set()
    for index, (feature, marked, words) in enumerate(zip(features, texts, read, strict=True)):
        resolver.problems += [
            f"Feature {index + 1}: {problem}; it was passed over."
            for problem in marked.problems[: max(0, MAX_NOTICES - len(resolver.problems))]
        ]
        for mark in marked.marks:
            if mark.direction == "independent":
                independent.add(index)
            if len(found) <= MAX_STATED:
                found += resolver.follow(index, mark)
        found += resolver.follow_issues(index, words)
        found += [
            Dependency(index, on, "link", "linked issue", 1.0)
            for on in feature.depends_on
            if on != index and 0 <= on < len(features)
        ]
    if len(found) > MAX_STATED:
        resolver.problems.append(f"More than {MAX_STATED} dependencies are marked; the rest was passed over.")
    return Stated(tuple(found[:MAX_STATED]), frozenset(independent), tuple(resolver.problems[-MAX_NOTICES:]))


def _issues(features: Sequence[Feature]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for index, feature in enumerate(features):
        title = _ISSUE_TITLE.match(feature.text)
        number = feature.issue_number or (int(title[1]) if title else None)
        if number is not None:
            numbers.setdefault(number, index)
    return numbers


class _Resolver:
    """Finds the features that marks speak of, and keeps what it could not find."""

    def __init__(self, issues: dict[int, int], named: NamedFeatures) -> None:
        self.problems: list[str] = []
        self._issues = issues
        self._named = named

    def follow(self, index: int, mark: Mark) -> Iterator[Dependency]:
        for target in mark.targets:
            others = self._find(index, target)
            if not others:
                self._problem(index, mark.text, target)
            for other in others:
                feature, on = (other, index) if mark.direction == "before" else (index, other)
                yield Dependency(feature, on, "mark", mark.text, 1.0)

    def follow_issues(self, index: int, words: FeatureWords) -> Iterator[Dependency]:
        for keyword, number in words.issues:
            other = self._issues.get(number)
            if other is not None and other != index:
                feature, on = (other, index) if keyword == "before" else (index, other)
                yield Dependency(feature, on, "keyword", f"{keyword} #{number}", 0.98)

    def _find(self, index: int, target: str) -> list[int]:
        size = self._named.size
        if target.isdecimal():
            position = int(target) - 1
            return [position] if 0 <= position < size and position != index else []
        span = _RANGE.fullmatch(target)
        if span:
            first, last = max(int(span[1]), 1), min(int(span[2]), size)
            return [position for position in range(first - 1, last) if position != index]
        if target.startswith("#") and target[1:].isdecimal():
            other = self._issues.get(int(target[1:]))
            return [other] if other is not None and other != index else []
        return self._named.by(target, index)

    def _problem(self, index: int, text: str, target: str) -> None:
        if len(self.problems) >= MAX_NOTICES:
            return
        self.problems.append(
            f"Feature {index + 1}: the mark “{text}” names “{target}”, which is no other feature of "
            f"this batch of {self._named.size}; it was passed over."
        )
