"""The graph as a person reads it."""

from __future__ import annotations

from batch_implement.dependencies.graph import draw_graph


def test_a_long_text_is_shortened_in_the_graph_and_a_short_one_shown_whole() -> None:
    shown = draw_graph(["x" * 80, "y" * 81], {})
    assert "x" * 80 in shown
    assert "y" * 79 + "…" in shown
    assert "y" * 80 not in shown


def test_control_characters_of_a_text_do_not_reach_the_terminal() -> None:
    shown = draw_graph(["a\x1b[31mred\nFeature 9: forged\u202e"], {})
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\nFeature 9" not in shown
