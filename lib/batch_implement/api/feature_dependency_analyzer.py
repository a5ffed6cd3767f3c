"""The documented calls about dependencies, on texts and plain dicts, for a program to call."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from batch_implement.dependencies.analysis import TIMEOUT_SECONDS, analyze
from batch_implement.dependencies.graph import count_graph, draw_graph
from batch_implement.dependencies.order import find_cycles, order_by_generation
from batch_implement.model.feature import MAX_FEATURES
from batch_implement.sources.base import Feature

__all__ = [
    "MAX_FEATURES",
    "TIMEOUT_SECONDS",
    "analyze_dependencies",
    "get_execution_order_stats",
    "topological_sort",
    "visualize_graph",
]

_logger = logging.getLogger(__name__)


def analyze_dependencies(features: Sequence[str]) -> dict[int, list[int]]:
    """For every index, the indices of the features it has to wait for."""
    graph: dict[int, list[int]] = {index: [] for index in range(len(features))}
    for dependency in analyze([Feature(text) for text in features]).dependencies:
        graph[dependency.feature].append(dependency.on)
    return graph


def topological_sort(features: Sequence[str], deps: Mapping[int, Sequence[int]]) -> list[int]:
    """The indices of ``features`` with dependencies first; the given order, and a warning, for a cycle."""
    cycles = find_cycles(len(features), deps)
    if cycles:
        _logger.warning("Features wait for each other, so the given order is kept: %s", cycles)
        return list(range(len(features)))
    return order_by_generation(len(features), deps)


def visualize_graph(features: Sequence[str], deps: Mapping[int, Sequence[int]]) -> str:
    """The graph as text: each feature, counted from 0, and below it what it waits for."""
    return draw_graph(features, deps)


def get_execution_order_stats(
    features: Sequence[str],
    deps: Mapping[int, Sequence[int]],
    order: Sequence[int],  # noqa: ARG001 - part of the documented call; no figure depends on it
) -> dict[str, int]:
    """How many features and dependencies there are, and how long the longest chain of them is."""
    return count_graph(features, deps)
