"""A dependency graph as a person reads it, and in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.order import generations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.dependencies.order import Graph

_SHOWN = 80
_TITLE = "Feature Dependency Graph"


def draw_graph(features: Sequence[str], graph: Graph, first: int = 0) -> str:
    """Each feature with what it waits for, counted from ``first``; texts over 80 characters are shortened."""
    lines = [_TITLE, "=" * len(_TITLE)]
    for index, text in enumerate(features):
        lines += ["", f"Feature {index + first}: {_shown(text)}"]
        waits_for = [on for on in graph.get(index, ()) if 0 <= on < len(features)]
        lines += [f"  └─> [depends on] Feature {on + first}: {_shown(features[on])}" for on in waits_for]
        if not waits_for:
            lines.append("  └─> [no dependencies]")
    return "\n".join(lines) + "\n"


def count_graph(features: Sequence[str], graph: Graph) -> dict[str, int]:
    """``max_depth`` is the number of features in the longest chain of dependencies, 0 for an empty batch.

    An independent feature waits for nothing; every other is dependent.
    """
    size = len(features)
    dependent = sum(1 for index in range(size) if graph.get(index))
    return {
        "total_dependencies": sum(len(graph.get(index, ())) for index in range(size)),
        "independent_features": size - dependent,
        "dependent_features": dependent,
        "max_depth": len(generations(size, graph)),
        "total_features": size,
    }


def _shown(text: str) -> str:
    line = "".join(letter if letter.isprintable() else " " for letter in text[: _SHOWN + 1])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
