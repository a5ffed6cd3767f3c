"""Each feature closes its own issue, whatever others beside it close."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batch_implement.api.batch_state_manager import load_batch_state, save_batch_state
from batch_implement.engine.deliver import issue_of
from batch_implement.model.batch import Batch
from batch_implement.model.feature import Feature
from batch_implement.state.document import Document
from batch_implement.state.state_file import StateFile

RELEASED = Path(__file__).parents[1] / "state/released_states"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a project's state is; the project is there."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".claude").mkdir()
    return tmp_path / ".claude/batch_state.json"


def _issues(path: Path) -> list[int | None]:
    return [issue_of(feature) for feature in StateFile(path, unversioned=True).read().features]


@pytest.mark.parametrize(
    ("feature", "issue"),
    [
        (Feature(id="1", text="Greet the user", issue=72), 72),
        (Feature(id="1", text="Greet the user (fixes #71)", issue=72), 72),
        (Feature(id="1", text="Greet the user (fixes #71)"), 71),
        (Feature(id="1", text="Greet the user (related to #71)"), None),
    ],
)
def test_it_is_the_one_it_was_made_of_else_the_one_its_text_closes(
    feature: Feature, issue: int | None
) -> None:
    assert issue_of(feature) == issue


def test_a_feature_after_one_without_an_issue_keeps_its_own_in_the_file_and_for_its_readers(
    path: Path,
) -> None:
    features = (Feature(id="1", text="Greet the user"), Feature(id="2", text="Count", issue=72))
    StateFile(path).create(Batch(batch_id="batch-1", features_file="", features=features))
    assert _issues(path) == [None, 72]
    assert json.loads(path.read_text())["issue_numbers"] == [None, 72]
    state = load_batch_state(path)
    assert state.issue_numbers == [None, 72]
    save_batch_state(path, state)
    assert _issues(path) == [None, 72]


def test_without_any_issue_the_documented_list_is_null(path: Path) -> None:
    features = (Feature(id="1", text="Greet the user"),)
    StateFile(path).create(Batch(batch_id="batch-1", features_file="", features=features))
    assert json.loads(path.read_text())["issue_numbers"] is None


@pytest.mark.parametrize("numbers", [[71, 72, 73], [None, 72, None]])
@pytest.mark.parametrize("released", ["version_1_every_field.json", "version_2_by_hand.json"])
def test_a_state_of_an_early_version_has_them_by_their_places(
    path: Path, released: str, numbers: list[int | None]
) -> None:
    early = Document.parse((RELEASED / released).read_bytes(), unversioned=True)
    changed = early.changed({"issue_numbers": numbers})
    path.write_bytes(changed.render() if "version" in early else json.dumps(dict(changed)).encode())
    assert _issues(path) == numbers
