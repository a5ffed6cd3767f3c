"""An order in which everything comes after what it depends on, and what to do where there is none.

A batch keeps the order it was given in: a feature moves back only behind what it needs, and nothing else
moves. Features that wait for each other in a circle count as one: they keep the order they were given in, and
what is before and after the circle is still ordered. (The documented call goes generation by generation
instead: first all that waits for nothing, then all that waits only for those.)
"""

from __future__ import annotations

import graphlib
import heapq
from collections.abc import Callable, Collection, Mapping

Graph = Mapping[int, Collection[int]]


def execution_order(size: int, graph: Graph) -> list[int]:
    """Put ``range(size)`` in order; ``graph`` says for a feature which others have to be before it.

    What is not in ``range(size)``, and a feature's dependency on itself, is passed over.
    """
    return [feature for step in _steps(size, graph, _in_place) for feature in step]


def order_by_generation(size: int, graph: Graph) -> list[int]:
    """The same, generation by generation."""
    return [feature for generation in generations(size, graph) for feature in generation]


def generations(size: int, graph: Graph) -> list[list[int]]:
    """What could be worked at the same time, one after the other: all that waits for nothing, then all that
    waits only for those, and so on. A circle is in one of them."""
    return _steps(size, graph, _by_generation)


def find_cycles(size: int, graph: Graph) -> list[tuple[int, ...]]:
    """For each group of features that wait for each other, one circle: each waits for the next, the last for
    the first. A circle begins with its smallest feature."""
    graph = _within(size, graph)
    circles = []
    for group in _groups(graph):
        if len(group) > 1:
            members = set(group)
            within = {feature: [on for on in graph[feature] if on in members] for feature in group}
            circles.append(_one_circle(within))
    return sorted(circles)


def _within(size: int, graph: Graph) -> dict[int, list[int]]:
    return {
        feature: sorted({on for on in graph.get(feature, ()) if on != feature and 0 <= on < size})
        for feature in range(size)
    }


def _in_place(graph: Graph) -> list[list[int]]:
    """The first that can come, each time: each feature in its place, or right behind what it needs."""
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    ready: list[int] = []
    order: list[list[int]] = []
    while sorter.is_active():
        for feature in sorter.get_ready():
            heapq.heappush(ready, feature)
        order.append([heapq.heappop(ready)])
        sorter.done(*order[-1])
    return order


def _by_generation(graph: Graph) -> list[list[int]]:
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    order: list[list[int]] = []
    while sorter.is_active():
        order.append(sorted(sorter.get_ready()))
        sorter.done(*order[-1])
    return order


def _steps(size: int, graph: Graph, sort: Callable[[Graph], list[list[int]]]) -> list[list[int]]:
    """Sorted as it is, or with each circle in the place of its first feature."""
    graph = _within(size, graph)
    try:
        return sort(graph)
    except graphlib.CycleError:
        groups = _groups(graph)
    group_of = {feature: group[0] for group in groups for feature in group}
    members = {group[0]: group for group in groups}
    between = {
        name: {group_of[on] for feature in group for on in graph[feature]} - {name}
        for name, group in members.items()
    }
    return [sorted(feature for name in step for feature in members[name]) for step in sort(between)]


def _one_circle(graph: Graph) -> tuple[int, ...]:
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        # Each is waited for by the next one there, and the first is repeated at the end.
        circle: list[int] = list(reversed(error.args[1][1:]))
        start = circle.index(min(circle))
        return tuple(circle[start:] + circle[:start])
    raise AssertionError("a strongly connected group without a circle")


def _groups(graph: Graph) -> list[list[int]]:
    """The strongly connected components (Kosaraju, without recursion), each after those it depends on."""
    needed_by: dict[int, list[int]] = {feature: [] for feature in graph}
    for feature, others in graph.items():
        for other in others:
            needed_by[other].append(feature)
    unseen = set(graph)
    ended = [feature for root in graph for feature in _reached(root, needed_by, unseen)]
    unseen = set(graph)
    groups = [sorted(_reached(root, graph, unseen)) for root in reversed(ended)]
    return [group for group in groups if group]


def _reached(root: int, graph: Graph, unseen: set[int]) -> list[int]:
    """What is reached of what is unseen, and is seen now: each behind all that was reached through it."""
    reached: list[int] = []
    path = [(root, iter(graph[root]))] if root in unseen else []
    unseen.discard(root)
    while path:
        feature, others = path[-1]
        new = next((other for other in others if other in unseen), None)
        if new is None:
            reached.append(feature)
            path.pop()
        else:
            unseen.remove(new)
            path.append((new, iter(graph[new])))
    return reached
