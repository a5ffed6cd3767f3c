"""What a failed feature means for those that need it, and for how long."""

from __future__ import annotations

from typing import Any

from batch_implement.model.attempt import Attempt
from batch_implement.model.batch import Batch
from batch_implement.model.evidence import Failure
from batch_implement.model.feature import FIRM, Feature, Need
from batch_implement.model.record import replace
from batch_implement.scheduling.holds import firm_needs, hold_dependents, release_dependents

AT = "2026-01-31T08:05:00.000000Z"


def _batch(*needs: tuple[Need, ...], failed: tuple[int, ...] = (), **fields: Any) -> Batch:
    return Batch(
        batch_id="batch-1",
        features_file="",
        features=tuple(
            Feature(id=str(number), text=f"Feature {number}", needs=needed)
            for number, needed in enumerate(needs, 1)
        ),
        failed_features=tuple(
            Failure(feature_index=index, error_message="why", timestamp=AT) for index in failed
        ),
        **fields,
    )


def _on(*indices: int, confidence: float = 1.0) -> tuple[Need, ...]:
    return tuple(Need(on=index, confidence=confidence) for index in indices)


def test_what_needs_it_is_held_directly_or_through_another_also_against_the_order() -> None:
    batch = _batch(_on(), _on(0), _on(1), _on(), failed=(0,))
    held = hold_dependents(batch, 0)
    assert held == hold_dependents(replace(batch, feature_order=(2, 1, 0, 3)), 0)
    assert list(held) == [1, 2]


def test_what_only_comes_after_it_is_not_held() -> None:
    batch = _batch(_on(), _on(0, confidence=FIRM - 0.01), _on(0, confidence=FIRM), failed=(0,))
    assert [firm_needs(batch, index) for index in range(3)] == [frozenset(), frozenset(), frozenset({0})]
    assert set(hold_dependents(batch, 0)) == {2}


def test_what_is_done_or_at_work_goes_on() -> None:
    at_work = {2: Attempt(feature_index=2, number=1, started_at=AT)}
    batch = _batch(_on(), _on(0), _on(0), _on(0), failed=(0,), completed_features=(1,), open_attempts=at_work)
    assert set(hold_dependents(batch, 0)) == {3}


def test_when_it_is_done_after_all_they_are_free_as_far_as_nothing_else_is_missing() -> None:
    held = {2: "needs feature 1", 3: "needs features 1 and 2"}
    batch = _batch(_on(), _on(), _on(0), _on(0, 1), failed=(0, 1), held=held)
    assert release_dependents(batch, 0) == {3: "needs features 1 and 2"}
