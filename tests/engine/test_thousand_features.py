"""A thousand features are planned, stepped through and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.model.feature import MAX_FEATURES
from batch_implement.state.journal import Transition

if TYPE_CHECKING:
    from tests.batches import Batch

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
    monkeypatch.setenv("BATCH_ORDER", "given")
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    batch.list_features(*FEATURES)
    assert "1000 features from features.txt" in batch.call("plan", "features.txt").text
    outcome = batch.call("start", "features.txt")
    for stretch in STRETCHES:
        _be_done_up_to(batch, stretch[0])
        assert f"Feature {stretch[0]} of 1000: {FEATURES[stretch[0] - 1]}" in batch.call("next").text
        for number in stretch:
            if number % 20 == 0:
                outcome = batch.call("fail", str(number), "--error", f"branch office {number} is closed")
            elif number % 10 == 0:
                batch.repository.write(f"office{number}.txt", str(number))
                outcome = batch.done(number)
            else:
                outcome = batch.done(number, "--no-change", "it is there")
            if number < MAX_FEATURES:
                assert f"Feature {number + 1} of 1000: {FEATURES[number]}" in outcome.text
    assert outcome.kind == "ended"
    assert "994 of 1000 done, 6 failed" in outcome.text
    failed = [record["feature_index"] + 1 for record in batch.fields["failed_features"]]
    assert failed == [20, 40, 500, 520, 980, 1000]
    report = (batch.root / f".claude/batches/{batch.fields['batch_id']}.md").read_text()
    numbers = [line[2:].partition(".")[0] for line in report.splitlines() if line.startswith("- ")]
    assert {number for number in numbers if number.isdigit()} == {str(number) for number in range(1, 1001)}


def _be_done_up_to(batch: Batch, number: int) -> None:
    def finish(fields: dict[str, list[int]]) -> Transition:
        closed = {*fields["completed_features"], *(number - 1 for number in (20, 40, 500, 520))}
        between = [index for index in range(number - 1) if index not in closed]
        return Transition(
            "completed",
            {"completed_features": [*fields["completed_features"], *between], "attempt": None},
        )

    if number > 1:
        batch.project.state.update(finish)  # type: ignore[arg-type]
