"""What dependency analysis answers with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dependency:
    """``feature`` has to wait for ``on``; both are indices from 0 into the list as given.

    ``kind`` is ``mark`` or ``link`` where somebody wrote it down, else what it was concluded from:
    ``keyword``, ``test-of``, ``docs-of``, ``file``, ``reference`` or ``custom``. ``evidence`` is what to
    show a person: the mark, the words or the file. ``confidence`` is between 0 and 1; a mark or a link has 1.
    """

    feature: int
    on: int
    kind: str
    evidence: str
    confidence: float


@dataclass(frozen=True)
class Cycle:
    """Features that wait for each other: each for the next one, and the last for the first.

    ``evidence`` holds, for each of them, why.
    """

    features: tuple[int, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class DependencyAnalysis:
    """Dependencies, by feature and then by what it waits for, and an order that respects them.

    ``order`` is the given order where ``timed_out``. ``notices`` are sentences about marks that could not be
    followed.
    """

    dependencies: tuple[Dependency, ...]
    order: tuple[int, ...]
    cycles: tuple[Cycle, ...] = ()
    timed_out: bool = False
    notices: tuple[str, ...] = ()
