"""A thousand features are planned, stepped through one after the other, and reported."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch_implement.planning.feature import MAX_FEATURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.batches import Batch

pytestmark = pytest.mark.slow

VERBS = ("Show", "Store", "Sort", "Print", "Export")
THINGS = ("invoices", "letters", "orders", "visits", "prices", "rooms", "songs", "photos")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory, where there is some: thousands of writes that have to reach a disk take a minute."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def test_a_thousand_features_are_planned_stepped_through_and_reported(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTO_GIT_ENABLED", "false")
    monkeypatch.delenv("BATCH_VERIFY_COMMAND")
    monkeypatch.setenv("BATCH_ORDER", "given")
    numbers = range(1, MAX_FEATURES + 1)
    features = [f"{VERBS[number % 5]} {THINGS[number % 8]} of branch office {number}" for number in numbers]
    assert "1000 features from features.txt" in _planned(batch, features)
    outcome = batch.call("start", "features.txt")
    assert f"Feature 1 of {MAX_FEATURES}: {features[0]}" in outcome.text
    for number in numbers:
        if number % 100 == 0:
            outcome = batch.call("fail", str(number), "--error", f"branch office {number} is closed")
        elif number % 50 == 0:
            batch.repository.write(f"office{number}.txt", str(number))
            outcome = batch.done(number)
        else:
            outcome = batch.done(number, "--no-change", "it is there")
        if number < MAX_FEATURES:
            assert f"Feature {number + 1} of {MAX_FEATURES}: {features[number]}" in outcome.text
    assert outcome.kind == "ended"
    assert f"{MAX_FEATURES - 10} of {MAX_FEATURES} done, 10 failed" in outcome.text
    fields = batch.fields
    assert len(fields["completed_features"]) == MAX_FEATURES - 10
    assert [record["feature_index"] + 1 for record in fields["failed_features"]] == list(
        range(100, 1001, 100)
    )
    report = (batch.root / f".claude/batches/{fields['batch_id']}.md").read_text()
    assert sum(line.startswith("- ") for line in report.splitlines()) >= MAX_FEATURES
    assert batch.events.count("completed") == MAX_FEATURES - 10


def _planned(batch: Batch, features: list[str]) -> str:
    batch.list_features(*features)
    return batch.call("plan", "features.txt").text
