"""Dependencies that somebody wrote down: marks, issue numbers after a keyword, links the source knows of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Dependency
from batch_implement.dependencies.named import NamedFeatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    numbers: Mapping[int, int],
) -> Stated:
    """Follow every mark and link; what can't be followed becomes a notice.

    ``numbers`` are those that the features are shown with; one that has none is not spoken of.
    """
    resolver = _Resolver(_issues(features), NamedFeatures(read, names), _lists(features), numbers)
    found: list[Dependency] = []
    independent: set[int] = set()
    for index, (feature, marked, words) in enumerate(zip(features, texts, read, strict=True)):
        for problem in marked.problems:
            resolver.tell(index, problem)
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


def _lists(features: Sequence[Feature]) -> list[range]:
    """For each feature those of its own file, in which its marks count."""
    spans: list[range] = []
    files = [feature.origin.rpartition(":")[0] for feature in features]
    for _, same in groupby(range(len(files)), key=files.__getitem__):
        indices = list(same)
        spans += [range(indices[0], indices[-1] + 1)] * len(indices)
    return spans


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

    def __init__(
        self,
        issues: dict[int, int],
        named: NamedFeatures,
        lists: Sequence[range],
        numbers: Mapping[int, int],
    ) -> None:
        self.problems: list[str] = []
        self._lists = lists
        self._numbers = numbers
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
            if other is None:
                self.tell(index, f"“{keyword} #{number}” names an issue that is not in this batch")
            elif other != index:
                feature, on = (other, index) if keyword == "before" else (index, other)
                yield Dependency(feature, on, "keyword", f"{keyword} #{number}", 0.98)

    def _find(self, index: int, target: str) -> list[int]:
        own = self._lists[index]
        if target.isdecimal():
            position = int(target) - 1
            return [own[position]] if 0 <= position < len(own) and own[position] != index else []
        span = _RANGE.fullmatch(target)
        if span:
            first = max(int(span[1]), 1)
            return [position for position in own[first - 1 : int(span[2])] if position != index]
        if target.startswith("#") and target[1:].isdecimal():
            other = self._issues.get(int(target[1:]))
            return [other] if other is not None and other != index else []
        return self._named.by(target, index)

    def _problem(self, index: int, text: str, target: str) -> None:
        self.tell(
            index,
            f"the mark “{text}” names “{target}”, which is no other feature of this batch of "
            f"{self._named.size}",
        )

    def tell(self, index: int, problem: str) -> None:
        if len(self.problems) < MAX_NOTICES and index in self._numbers:
            self.problems.append(f"Feature {self._numbers[index]}: {problem}; it was passed over.")
