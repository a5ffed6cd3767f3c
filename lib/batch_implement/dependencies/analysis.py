"""Which features of a batch have to wait for which, and the order that follows."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Cycle, Dependency, DependencyAnalysis
from batch_implement.dependencies.english.feature_words import read
from batch_implement.dependencies.english.keywords import word_dependencies
from batch_implement.dependencies.english.references import NameIndex
from batch_implement.dependencies.marks import read_marks
from batch_implement.dependencies.order import execution_order, find_cycles
from batch_implement.dependencies.shared_files import file_dependencies
from batch_implement.dependencies.stated import Stated, stated_dependencies
from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from batch_implement.sources.base import Feature

TIMEOUT_SECONDS = 5


def analyze(
    features: Sequence[Feature],
    *,
    left_out: Collection[int] = (),
    clock: Callable[[], float] = time.monotonic,
    timeout: float = TIMEOUT_SECONDS,
) -> DependencyAnalysis:
    """Find the dependencies between ``features`` and an order that respects them.

    Generation by generation: first every feature that waits for nothing, in the order given, then every one
    that waits only for those, in the order given, and so on. Features of a cycle keep their given order among
    themselves. Only the first 10,000 characters of a text are read. Takes at most about ``timeout`` seconds,
    by ``clock``; then the given order is the answer. PlanError for more than ``MAX_FEATURES``.

    Those ``left_out`` are done: marks and words that mean them are understood, and nothing waits for them.
    The answer counts what is left.
    """
    if len(features) > MAX_FEATURES:
        raise PlanError(
            f"{len(features)} features are more than a batch can hold ({MAX_FEATURES}); split it."
        )
    deadline = clock() + timeout
    kept = [index for index in range(len(features)) if index not in left_out]
    place = {index: position for position, index in enumerate(kept)}
    texts = [read_marks(feature.text[:MAX_FEATURE_LENGTH]) for feature in features]
    words = []
    for marked in texts:
        words.append(read(marked.text))
        if clock() > deadline:
            return _given_order(len(kept), timeout)
    names = NameIndex(words)
    stated = stated_dependencies(
        features, texts, words, names, {index: position + 1 for index, position in place.items()}
    )
    concluded = list(file_dependencies([feature.tokens for feature in words]))
    for index, feature in enumerate(words):
        concluded += word_dependencies(index, feature, names)
        if clock() > deadline:
            return _given_order(len(kept), timeout)
    return _ordered(len(kept), _of_those(place, _settled(stated, concluded)), stated.notices)


def _of_those(place: Mapping[int, int], dependencies: Iterable[Dependency]) -> list[Dependency]:
    return [
        replace(dependency, feature=place[dependency.feature], on=place[dependency.on])
        for dependency in dependencies
        if dependency.feature in place and dependency.on in place
    ]


def _given_order(size: int, timeout: float) -> DependencyAnalysis:
    notice = f"Looking for dependencies took more than {timeout:g} seconds, so the features keep their order."
    return DependencyAnalysis((), tuple(range(size)), timed_out=True, notices=(notice,))


def _settled(stated: Stated, concluded: Iterable[Dependency]) -> list[Dependency]:
    """One dependency for a pair, the surest; what somebody wrote outdoes what we concluded."""
    best = {(dependency.feature, dependency.on): dependency for dependency in stated.dependencies}
    for dependency in concluded:
        pair = (dependency.feature, dependency.on)
        if dependency.feature == dependency.on or dependency.feature in stated.independent:
            continue
        if pair not in best or best[pair].confidence < dependency.confidence:
            best[pair] = dependency
    return [best[pair] for pair in sorted(best) if not _outdone(best[pair], best.get((pair[1], pair[0])))]


def _outdone(dependency: Dependency, opposite: Dependency | None) -> bool:
    """Two that point at each other cancel out to the surer one, unless they are equally sure."""
    return opposite is not None and opposite.confidence > dependency.confidence


def _ordered(size: int, dependencies: list[Dependency], notices: tuple[str, ...]) -> DependencyAnalysis:
    graph: dict[int, list[int]] = {}
    why: dict[tuple[int, int], str] = {}
    for dependency in dependencies:
        graph.setdefault(dependency.feature, []).append(dependency.on)
        why[dependency.feature, dependency.on] = dependency.evidence
    cycles = tuple(
        Cycle(circle, tuple(why[pair] for pair in zip(circle, (*circle[1:], circle[0]), strict=True)))
        for circle in find_cycles(size, graph)
    )
    return DependencyAnalysis(
        tuple(dependencies), tuple(execution_order(size, graph)), cycles, notices=notices
    )
