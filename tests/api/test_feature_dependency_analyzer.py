"""The documented calls about dependencies, with the worked examples and the order each of them states."""

from __future__ import annotations

import logging

import pytest

from batch_implement.api.feature_dependency_analyzer import (
    MAX_FEATURES,
    TIMEOUT_SECONDS,
    analyze_dependencies,
    get_execution_order_stats,
    topological_sort,
    visualize_graph,
)
from batch_implement.errors import PlanError

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


def test_a_circle_is_logged_and_keeps_the_order_given(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert topological_sort(CIRCLE, analyze_dependencies(CIRCLE)) == [0, 1, 2]
    assert "(0, 1, 2)" in caplog.text
    assert topological_sort(["a", "b", "c"], {0: [2], 1: [0], 2: [1]}) == [0, 1, 2]


def test_a_feature_that_waits_for_itself_is_passed_over() -> None:
    assert topological_sort(["a", "b", "c"], {0: [0, 1]}) == [1, 2, 0]


def test_repeated_features_stay_apart() -> None:
    assert analyze_dependencies(["Add login", "Add login", "Add login"]) == {0: [], 1: [], 2: []}


@pytest.mark.parametrize("text", ["../../etc/passwd", "a\0b", "x" * 20_000])
def test_a_path_a_nul_and_a_long_text_are_just_text(text: str) -> None:
    assert analyze_dependencies([text, "Login"]) == {0: [], 1: []}


def test_the_limits_can_be_imported() -> None:
    assert TIMEOUT_SECONDS == 5
    with pytest.raises(PlanError, match=f"{MAX_FEATURES + 1} features"):
        analyze_dependencies(["x"] * (MAX_FEATURES + 1))


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


def test_a_short_text_is_shown_whole() -> None:
    assert "x" * 80 in visualize_graph(["x" * 80], {})


def test_an_empty_batch_has_a_graph_without_features() -> None:
    assert analyze_dependencies([]) == {}
    assert visualize_graph([], {}).startswith("Feature Dependency Graph")
    assert topological_sort([], {}) == []


def test_the_figures_are_those_of_the_documented_batch() -> None:
    dependencies = analyze_dependencies(JWT)
    assert get_execution_order_stats(JWT, dependencies, [0, 3, 1, 2]) == {
        "total_dependencies": 3,
        "independent_features": 2,
        "dependent_features": 2,
        "max_depth": 2,
        "total_features": 4,
    }
