"""How long dependency analysis takes, beside what graphlib alone takes for the same graph.

    python benchmarks/dependency_speed.py [--patterns]

Each figure is the best of several runs in one process. Goals: 1,000 features of 200 characters under 150 ms,
50 under 15 ms, ten times the features at most 15 times the time. With ``--patterns``, how the time of every
pattern and of the whole analysis grows when hostile text is doubled up to 100 KB: at most 2.5.
"""

from __future__ import annotations

import argparse
import graphlib
import importlib
import pkgutil
import random
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lib"))

from batch_implement import dependencies  # noqa: E402 - found by the line above
from batch_implement.dependencies.analysis import analyze  # noqa: E402
from batch_implement.sources.base import Feature  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THINGS = [
    "invoice",
    "parser",
    "cart",
    "search",
    "export",
    "session",
    "upload",
    "report",
    "billing",
    "tracker",
    "planner",
    "profile",
]
SORTS = ["endpoint", "page", "model", "service", "component", "job", "command", "table", "screen", "module"]
VERBS = (
    "Add the",
    "Show the",
    "Tests for the",
    "Document the",
    "Build a",
    "Let customers cancel the",
    "Fix the",
)
TAILS = (
    "with pagination, sorting and a filter by date, status and owner",
    "so that the support team can see at a glance what happened and when",
    "and keep what was entered when the connection is lost in the middle of it",
    "using the new layout, and show a clear message when something goes wrong",
)
HOSTILE = (
    "(after: ",
    "(requires ",
    "a ",
    "and load ",
    "aA",
    "-",
    "a-",
    "/",
    ". ",
    "`a",
    "#1",
    "(",
    "x.py ",
    "9",
    "\0",
)


def batch(size: int, length: int = 200) -> list[Feature]:
    """Features that read like ones, a third of which name another; the same for the same size."""
    choose = random.Random(size)  # noqa: S311 - texts to measure with, not secrets
    names = [f"{choose.choice(THINGS)}{at // 12 or ''} {choose.choice(THINGS)}" for at in range(size)]
    features = []
    for at, name in enumerate(names):
        other = f", needs the {names[choose.randrange(size)]}" if choose.random() < 1 / 3 else ""
        text = f"{choose.choice(VERBS)} {name} {choose.choice(SORTS)}{other} "
        while len(text) < length:
            text += choose.choice(TAILS) + " "
        features.append(Feature(text[:length], issue_number=at + 1))
    return features


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of processor time of the fastest of ``runs``; the machine may have other work to do."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def sizes() -> None:
    taken = {}
    for size in (50, 100, 1000):
        features = batch(size)
        found = analyze(features)
        graph: dict[int, set[int]] = {at: set() for at in range(size)}
        for dependency in found.dependencies:
            graph[dependency.feature].add(dependency.on)
        # graphlib refuses a cycle; what it is timed on has the same features without those edges
        within = {feature for cycle in found.cycles for feature in cycle.features}
        plain = {at: {on for on in graph[at] if not (at in within and on in within)} for at in graph}
        taken[size] = best(lambda features=features: analyze(features))
        alone = best(lambda plain=plain: list(graphlib.TopologicalSorter(plain).static_order()))
        print(
            f"{size:5} features of 200 characters: {taken[size] * 1000:7.1f} ms, {len(found.dependencies)} "
            f"dependencies; graphlib alone {alone * 1000:.2f} ms, ratio {taken[size] / alone:.0f}"
        )
    print(f"1000 features against 100: {taken[1000] / taken[100]:.1f} times the time (goal: at most 15)")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern at the top of a module of ``dependencies``."""
    for module in pkgutil.walk_packages(dependencies.__path__, dependencies.__name__ + "."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name.rpartition('.')[2]}.{name}", value


def growth() -> None:
    works: list[tuple[str, Callable[[str], object]]] = [
        (name, lambda text, pattern=pattern: sum(1 for _ in pattern.finditer(text)))
        for name, pattern in patterns()
    ]
    works.append(("analyze (cut into features)", _analyze_text))
    for name, work in works:
        worst = (0.0, "")
        for piece in HOSTILE:
            smaller, larger = ((piece * size)[:size] for size in (50_000, 100_000))
            before = best(lambda work=work, text=smaller: work(text), 3)
            after = best(lambda work=work, text=larger: work(text), 3)
            if after > 0.0005:
                worst = max(worst, (after / before, piece))
        print(
            f"{name}: at worst {worst[0]:.2f} times the time for twice the text (goal 2.5), with {worst[1]!r}"
        )


def _analyze_text(text: str) -> object:
    return analyze([Feature(text[at : at + 10_000]) for at in range(0, len(text), 10_000)], timeout=600)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patterns", action="store_true", help="measure growth on hostile text instead")
    if parser.parse_args().patterns:
        growth()
    else:
        sizes()


if __name__ == "__main__":
    main()
