"""The worked examples of the promise, each with the dependencies and the order it states."""

from __future__ import annotations

import logging

import pytest

from batch_implement.dependencies.analysis import (
    analyze,
    analyze_dependencies,
    get_execution_order_stats,
    topological_sort,
    visualize_graph,
)
from batch_implement.sources.base import Feature

JWT = [
    "Add JWT authentication module",
    "Add tests for JWT validation (requires JWT authentication)",
    "Add password reset endpoint (requires auth, uses email service)",
    "Add email service module",
]
SCHEMA = ["Implement database schema", "Add migrations for schema", "Run migrations in test"]
TREES = [
    "Add JWT authentication",
    "Add tests for JWT",
    "Add password hashing utility",
    "Add hashing tests",
    "Add login endpoint",
]
CIRCLE = ["Feature A (requires B)", "Feature B (requires C)", "Feature C (requires A)"]


@pytest.mark.parametrize(
    ("features", "dependencies", "order"),
    [
        (JWT, {0: [], 1: [0], 2: [0, 3], 3: []}, [0, 3, 1, 2]),
        (SCHEMA, {0: [], 1: [0], 2: [1]}, [0, 1, 2]),
        (TREES, {0: [], 1: [0], 2: [], 3: [2], 4: [0, 2]}, [0, 2, 1, 3, 4]),
        (CIRCLE, {0: [1], 1: [2], 2: [0]}, [0, 1, 2]),
    ],
    ids=["jwt", "schema", "trees", "circle"],
)
def test_a_worked_example_has_the_dependencies_and_the_order_it_states(
    features: list[str], dependencies: dict[int, list[int]], order: list[int]
) -> None:
    found = analyze_dependencies(features)
    assert found == dependencies
    assert topological_sort(features, found) == order
    assert list(analyze([Feature(text) for text in features]).order) == order


def test_the_circle_is_named_with_the_words_that_make_it_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    (cycle,) = analyze([Feature(text) for text in CIRCLE]).cycles
    assert cycle.features == (0, 1, 2)
    assert cycle.evidence == ("requires B", "requires C", "requires A")
    with caplog.at_level(logging.WARNING):
        topological_sort(CIRCLE, analyze_dependencies(CIRCLE))
    assert "(0, 1, 2)" in caplog.text


def test_the_graph_has_the_documented_form() -> None:
    features = [
        "Add JWT authentication",
        "Add tests for JWT (requires JWT)",
        "Add password reset (requires auth, uses email)",
        "Add email service",
    ]
    assert visualize_graph(features, analyze_dependencies(features)) == (
        "Feature Dependency Graph\n"
        "========================\n"
        "\n"
        "Feature 0: Add JWT authentication\n"
        "  └─> [no dependencies]\n"
        "\n"
        "Feature 1: Add tests for JWT (requires JWT)\n"
        "  └─> [depends on] Feature 0: Add JWT authentication\n"
        "\n"
        "Feature 2: Add password reset (requires auth, uses email)\n"
        "  └─> [depends on] Feature 0: Add JWT authentication\n"
        "  └─> [depends on] Feature 3: Add email service\n"
        "\n"
        "Feature 3: Add email service\n"
        "  └─> [no dependencies]\n"
    )


def test_an_empty_batch_has_a_graph_without_features() -> None:
    assert analyze_dependencies([]) == {}
    assert visualize_graph([], {}).startswith("Feature Dependency Graph")
    assert topological_sort([], {}) == []


def test_a_long_text_is_shortened_in_the_graph_and_a_short_one_shown_whole() -> None:
    shown = visualize_graph(["x" * 80, "y" * 81], {})
    assert "x" * 80 in shown
    assert "y" * 79 + "…" in shown
    assert "y" * 80 not in shown


def test_control_characters_of_a_text_do_not_reach_the_terminal() -> None:
    shown = visualize_graph(["a\x1b[31mred\nFeature 9: forged\u202e"], {})
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\nFeature 9" not in shown


def test_the_figures_are_those_of_the_documented_batch() -> None:
    dependencies = analyze_dependencies(JWT)
    assert get_execution_order_stats(JWT, dependencies, [0, 3, 1, 2]) == {
        "total_dependencies": 3,
        "independent_features": 2,
        "dependent_features": 2,
        "max_depth": 2,
        "total_features": 4,
    }
