"""Precision and recall of dependency analysis on the labelled batches.

    python benchmarks/dependency_accuracy.py             the figures of both halves
    python benchmarks/dependency_accuracy.py --mistakes  and what was wrong in the tuning half

What is wrong in the measuring half is not shown on purpose: who has seen it tunes on it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lib"))

from batch_implement.dependencies.analysis import analyze  # noqa: E402
from batch_implement.sources.base import Feature  # noqa: E402 - found by the line above

BATCHES = ROOT / "tests" / "dependencies" / "labelled_batches"
Pair = tuple[int, int]


@dataclass(frozen=True)
class LabelledBatch:
    """Features, and pairs of (feature, what it waits for): ``needed``, and ``arguable`` either way."""

    name: str
    features: tuple[str, ...]
    needed: frozenset[Pair]
    arguable: frozenset[Pair]


@dataclass
class Score:
    """Counts over one or more batches."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    by_kind: Counter[tuple[str, bool]] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the dependencies claimed, arguable ones apart, the part that is needed."""
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """Of the dependencies needed, the part that was claimed."""
        return self.found / max(1, self.found + self.missed)


def load(half: str) -> list[LabelledBatch]:
    """Every batch of ``tuning`` or ``measuring``."""
    return [_parse(path) for path in sorted((BATCHES / half).glob("*.txt"))]


def score(batches: list[LabelledBatch]) -> Score:
    """Analyse each batch and compare. A claim that follows from the labels, if not directly, is arguable."""
    result = Score()
    for batch in batches:
        claimed = {
            (found.feature, found.on): found
            for found in analyze([Feature(text) for text in batch.features]).dependencies
        }
        harmless = _closure(batch.needed | batch.arguable)
        for pair, dependency in claimed.items():
            if pair in batch.needed or pair not in harmless:
                result.by_kind[dependency.kind, pair in batch.needed] += 1
            if pair not in harmless:
                result.mistakes.append(
                    f"{_show(batch, pair)}  claimed by {dependency.kind}: {dependency.evidence}"
                )
        missed = batch.needed - claimed.keys()
        result.found += len(batch.needed) - len(missed)
        result.missed += len(missed)
        result.wrong += len(claimed.keys() - harmless)
        result.mistakes += [f"{_show(batch, pair)}  missed" for pair in sorted(missed)]
    return result


def _parse(path: Path) -> LabelledBatch:
    features: list[str] = []
    needed: set[Pair] = set()
    arguable: set[Pair] = set()
    for index, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        text, separator, labels = line.rpartition(" <- ")
        features.append(text if separator else line)
        for label in labels.split() if separator else ():
            (arguable if label.startswith("(") else needed).add((index, int(label.strip("()")) - 1))
    return LabelledBatch(path.stem, tuple(features), frozenset(needed), frozenset(arguable))


def _closure(pairs: frozenset[Pair]) -> set[Pair]:
    closed = set(pairs)
    while True:
        further = {(first, last) for first, a in closed for b, last in closed if a == b} - closed
        if not further:
            return closed
        closed |= further


def _show(batch: LabelledBatch, pair: Pair) -> str:
    return f"{batch.name}: {batch.features[pair[0]]!r} after {batch.features[pair[1]]!r}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mistakes", action="store_true", help="show what was wrong in the tuning half")
    arguments = parser.parse_args()
    for half in ("tuning", "measuring"):
        batches = load(half)
        result = score(batches)
        print(
            f"{half}: {len(batches)} batches, {sum(len(batch.features) for batch in batches)} features: "
            f"precision {result.precision:.3f}, recall {result.recall:.3f} "
            f"({result.found} found, {result.wrong} wrong, {result.missed} missed)"
        )
        for kind in sorted({kind for kind, _ in result.by_kind}):
            print(f"    {kind}: {result.by_kind[kind, True]} right, {result.by_kind[kind, False]} wrong")
        if arguments.mistakes and half == "tuning":
            print(*("    " + mistake for mistake in result.mistakes), sep="\n")


if __name__ == "__main__":
    main()
