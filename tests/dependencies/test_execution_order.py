"""The one rule that orders every batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.dependencies.order import execution_order, find_cycles, generations

_GRAPHS = st.integers(0, 12).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(st.integers(-1, size), st.lists(st.integers(-1, size), max_size=4), max_size=size),
    )
)


@pytest.mark.parametrize(
    ("size", "graph", "order"),
    [
        (4, {}, [0, 1, 2, 3]),
        (4, {1: [0], 2: [0, 3]}, [0, 1, 3, 2]),  # 2 goes behind 3, and nothing else moves
        (3, {0: [2]}, [1, 2, 0]),
        (3, {0: [0]}, [0, 1, 2]),  # waiting for itself
        (3, {0: [7], 9: [1]}, [0, 1, 2]),  # of another batch
        (5, {0: [4], 1: [2], 2: [1], 3: [1]}, [1, 2, 3, 4, 0]),  # 1 and 2 in a circle, 3 behind it
        (4, {0: [1, 3], 1: [0]}, [2, 3, 0, 1]),  # a circle that waits for 3
    ],
)
def test_dependencies_come_first_and_otherwise_the_order_given(
    size: int, graph: dict[int, list[int]], order: list[int]
) -> None:
    assert execution_order(size, graph) == order


@given(_GRAPHS)
def test_what_may_stay_where_it_is_stays(graph: tuple[int, dict[int, list[int]]]) -> None:
    """Where everything needed is above, nothing moves."""
    size, waits = graph
    above = {feature: [on for on in needed if on < feature] for feature, needed in waits.items()}
    assert execution_order(size, above) == list(range(size))


def test_every_group_of_a_graph_with_two_circles_is_named_from_its_smallest_feature() -> None:
    assert find_cycles(6, {1: [3], 3: [1], 0: [5], 5: [4], 4: [0], 2: [1]}) == [(0, 5, 4), (1, 3)]


def test_a_chain_of_a_thousand_features_is_ordered_without_recursion() -> None:
    chain = {at: [at + 1] for at in range(999)}
    assert execution_order(1000, chain) == list(reversed(range(1000)))
    assert len(generations(1000, chain)) == 1000
    assert len(find_cycles(1000, {**chain, 999: [0]})[0]) == 1000


@given(_GRAPHS)
def test_each_feature_comes_once_and_after_all_it_waits_for_outside_its_circle(
    graph: tuple[int, dict[int, list[int]]],
) -> None:
    size, waits = graph
    order = execution_order(size, waits)
    assert sorted(order) == list(range(size))
    reach = {at: {on for on in waits.get(at, []) if 0 <= on < size} for at in range(size)}
    for _ in range(size):
        reach = {at: on.union(*(reach[other] for other in on)) for at, on in reach.items()}
    for at, others in reach.items():
        for other in others:
            if at not in reach[other]:
                assert order.index(other) < order.index(at)
            elif other < at:
                assert order.index(other) < order.index(at), "a circle keeps the order given"
    for circle in find_cycles(size, waits):
        pairs = zip(circle, (*circle[1:], circle[0]), strict=True)
        assert all(other in waits[at] for at, other in pairs)
    circular = {at for at in reach if at in reach[at] and waits.get(at, []) != [at]}
    assert bool(find_cycles(size, waits)) == any(
        at in reach[on] for at in circular for on in reach[at] if on != at
    )
