"""An order in which everything comes after what it depends on, and what to do where there is none.

One rule orders every batch: generation by generation. The first generation is every feature that waits for
nothing, in the order given; the next is every feature that waits only for those, in the order given; and so
on. Features that wait for each other in a circle count as one: they keep the order they were given in, and
what is before and after the circle is still ordered.
"""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Mapping

Graph = Mapping[int, Collection[int]]


def execution_order(size: int, graph: Graph) -> list[int]:
    """Put ``range(size)`` in order; ``graph`` says for a feature which others have to be before it.

    Takes time and memory linear in features and dependencies, apart from sorting each generation. What is not
    in ``range(size)``, and a feature's dependency on itself, is passed over.
    """
    return sorted(range(size), key=_depths(size, graph).__getitem__)


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


def generations(size: int, graph: Graph) -> int:
    """The length of the longest chain of features, each of which waits for the next; a cycle counts once."""
    return max(_depths(size, graph).values(), default=0)


def _depths(size: int, graph: Graph) -> dict[int, int]:
    """For each feature its generation, from 1."""
    graph = _within(size, graph)
    depth = dict.fromkeys(range(size), 0)
    for group in _groups(graph):
        # Of the others in its group the depth is still 0.
        below = max((depth[on] for feature in group for on in graph[feature]), default=0)
        depth.update(dict.fromkeys(group, below + 1))
    return depth


def _within(size: int, graph: Graph) -> dict[int, list[int]]:
    return {
        feature: sorted({on for on in graph.get(feature, ()) if on != feature and 0 <= on < size})
        for feature in range(size)
    }


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
