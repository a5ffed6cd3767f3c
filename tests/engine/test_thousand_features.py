"""A thousand features are planned, stepped through and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, ended

from batch_implement.model.feature import MAX_FEATURES
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.presentation.report import render_report

if TYPE_CHECKING:
    from tests.batches import Batch

    from batch_implement.model.batch import Batch as State

pytestmark = pytest.mark.slow

VERBS = ("Show", "Store", "Sort", "Print", "Export")
THINGS = ("invoices", "letters", "orders", "visits", "prices", "rooms", "songs", "photos")
FEATURES = [
    f"{VERBS[number % 5]} {THINGS[number % 8]} of office {number}" for number in range(1, MAX_FEATURES + 1)
]  # fmt: skip
# Each of these is worked and proven by calls of its own; what lies between was done in an earlier night.
STRETCHES = (range(1, 41), range(481, 521), range(961, 1001))


def test_a_thousand_features_are_planned_stepped_through_and_reported(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    monkeypatch.setenv("BATCH_REVIEW", "off")
    monkeypatch.setenv("BATCH_ORDER", "given")
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    assert batch.plan(*FEATURES).texts == FEATURES
    outcome = batch.begin(*FEATURES)
    for stretch in STRETCHES:
        _be_done_up_to(batch, stretch[0])
        assert assigned(batch.next()) == stretch[0]
        for number in stretch:
            if number % 20 == 0:
                outcome = batch.fail(number, f"branch office {number} is closed")
            elif number % 10 == 0:
                batch.repository.write(f"office{number}.txt", str(number))
                outcome = batch.done(number)
            else:
                outcome = batch.done(number, no_change="it is there")
            if number < MAX_FEATURES:
                assert assigned(outcome) == number + 1
    state = ended(outcome)
    assert len(state.completed_features) == 994
    assert [failure.feature_index + 1 for failure in state.failed_features] == [20, 40, 500, 520, 980, 1000]
    report = render_report(state)
    numbers = [line[4:].partition(".")[0] for line in report.splitlines() if line.startswith("- **")]
    assert {number for number in numbers if number.isdigit()} == {str(number) for number in range(1, 1001)}


def _be_done_up_to(batch: Batch, number: int) -> None:
    def finish(state: State) -> Transition:
        closed = {*state.completed_features, *(number - 1 for number in (20, 40, 500, 520))}
        between = (index for index in range(number - 1) if index not in closed)
        completed = (*state.completed_features, *between)
        return Transition("completed", replace(state, completed_features=completed, open_attempts={}))

    if number > 1:
        batch.project.state.update(finish)
