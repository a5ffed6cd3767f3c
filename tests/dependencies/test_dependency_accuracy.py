"""How right the analysis is, held at what is reached; ``benchmarks/dependency_accuracy.py`` shows more."""

from __future__ import annotations

import pytest
from benchmarks.dependency_accuracy import LabelledBatch, load, score


@pytest.mark.parametrize(("half", "precision", "recall"), [("tuning", 0.96, 0.91), ("measuring", 0.96, 0.84)])
def test_precision_and_recall_do_not_fall_below_what_was_reached(
    half: str, precision: float, recall: float
) -> None:
    result = score(load(half))
    assert result.precision >= precision
    assert result.recall >= recall


def test_both_halves_hold_twenty_batches_of_at_least_three_features_with_sensible_labels() -> None:
    for half in ("tuning", "measuring"):
        batches = load(half)
        assert len(batches) >= 20
        for batch in batches:
            assert len(batch.features) >= 3, batch.name
            assert not batch.needed & batch.arguable, batch.name
            for feature, on in batch.needed | batch.arguable:
                assert feature != on, batch.name
                assert 0 <= on < len(batch.features), batch.name


def test_the_score_counts_found_missed_and_wrong_and_leaves_out_what_is_arguable() -> None:
    features = ("Lexer", "Parser, needs the lexer", "Docs for the parser", "Icons")
    labels = LabelledBatch("b", features, frozenset({(1, 0), (3, 0)}), frozenset({(2, 1)}))
    result = score([labels])
    assert (result.found, result.missed, result.wrong) == (1, 1, 0)
    unlabelled = score([LabelledBatch("b", features, frozenset(), frozenset())])
    assert (unlabelled.found, unlabelled.missed, unlabelled.wrong) == (0, 0, 2)
