"""A state that an earlier version wrote loads, keeps what it held, and is upgraded by its next write."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from batch_implement.api.batch_state_manager import load_batch_state, update_batch_progress
from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.state.document import VERSION, Document
from batch_implement.state.fields import REQUIRED, defaults
from batch_implement.state.schema import validate
from batch_implement.state.state_file import StateFile

RELEASED = sorted(Path(__file__).with_name("released_states").glob("*.json"))
EVERY_FIELD = next(path for path in RELEASED if path.stem == "version_1_every_field")


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def released(request: pytest.FixtureRequest, state_file: Path) -> Path:
    state_file.parent.mkdir()
    shutil.copy(request.param, state_file)
    return state_file


def _held(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(path.read_text())
    if fields["status"] == "running":  # its other name
        fields["status"] = "in_progress"
    for name in ("checksum", "updated_at", "sequence"):
        fields.pop(name, None)
    return fields


def test_it_loads_with_all_that_it_held(released: Path) -> None:
    held = _held(released)
    loaded = load_batch_state(released).to_dict()
    assert {name: loaded[name] for name in held if name in loaded} == {
        name: value for name, value in held.items() if name != "project_name"
    }


def test_what_it_lacks_has_its_default(released: Path) -> None:
    missing = defaults().keys() - _held(released).keys() - {"updated_at", "sequence"}
    loaded = load_batch_state(released).to_dict()
    assert {name: loaded[name] for name in missing} == {name: defaults()[name] for name in missing}


def test_reading_does_not_write(released: Path) -> None:
    before = released.read_bytes()
    load_batch_state(released)
    assert released.read_bytes() == before
    assert list(released.parent.iterdir()) == [released]


def test_its_next_write_upgrades_it_and_keeps_the_rest(released: Path) -> None:
    held = _held(released)
    update_batch_progress(released, 0, "completed", 1)
    fields = json.loads(released.read_text())
    assert fields["version"] == VERSION
    assert fields.keys() >= defaults().keys() | {"checksum"}
    changed = {"completed_features", "failed_features", "context_token_estimate", "current_index", "version"}
    assert {name: fields[name] for name in held if name not in changed} == {
        name: value for name, value in held.items() if name not in changed
    }


def test_it_is_recovered_like_any_other_when_its_first_write_is_damaged(released: Path) -> None:
    update_batch_progress(released, 0, "completed", 1)
    good = StateFile(released).read()
    released.write_bytes(released.read_bytes()[:100])
    assert dict(StateFile(released).read()) == dict(good)


def test_a_thousand_features_may_be_written_the_old_way(state_file: Path) -> None:
    fields = json.loads(EVERY_FIELD.read_text())
    fields.update(total_features=1000, features=["x" * 300] * 1000)
    state_file.parent.mkdir()
    state_file.write_text(json.dumps(fields, indent=2))
    assert load_batch_state(state_file).total_features == 1000


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_one_without_a_needed_field_is_refused_by_that_name(state_file: Path, name: str) -> None:
    fields = json.loads(EVERY_FIELD.read_text())
    del fields[name]
    state_file.parent.mkdir()
    state_file.write_text(json.dumps(fields))
    with pytest.raises(CorruptStateError, match=rf"batch_state\.json is damaged \(its field {name} is miss"):
        load_batch_state(state_file)
    with pytest.raises(CorruptStateError, match=name):
        update_batch_progress(state_file, 0, "completed")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"total_features": "three"}, "total_features is not a number"),
        ({"total_features": True}, "total_features is not a number"),
        ({"features": {}}, "features is not a list"),
        ({"batch_id": 7}, "batch_id is not a text"),
        ({"batch_id": "../../x"}, "batch_id"),
        ({"status": "dancing"}, "status is 'dancing'"),
        ({"total_features": 4}, "4 features and lists 3"),
        ({"retry_attempts": []}, "retry_attempts is not an object"),
        ({"retry_attempts": {"one": 1}}, "retry_attempts"),
        ({"retry_attempts": {"0": "many"}}, "retry_attempts/0"),
        ({"features": ["a", "b", 3]}, "features/2"),
        ({"current_index": -1}, "current_index"),
        ({"completed_features": [17]}, "completed_features names feature 17 of 3"),
        ({"a field": 1}, "field named 'a field'"),
    ],
)
def test_a_field_that_is_not_as_it_should_be_is_named(
    state_file: Path, fields: dict[str, Any], said: str
) -> None:
    state_file.parent.mkdir()
    state_file.write_text(json.dumps({**json.loads(EVERY_FIELD.read_text()), **fields}))
    with pytest.raises(CorruptStateError, match=said) as refused:
        load_batch_state(state_file)
    assert str(state_file) in str(refused.value)


@pytest.mark.parametrize("with_checksum", [True, False])
def test_a_state_of_a_later_version_asks_for_an_update_and_is_left_alone(
    state_file: Path, with_checksum: bool
) -> None:
    later = {**json.loads(EVERY_FIELD.read_text()), "version": VERSION + 1}
    state_file.parent.mkdir()
    state_file.write_bytes(Document.of(later).render() if with_checksum else json.dumps(later).encode())
    before = state_file.read_bytes()
    for call in (load_batch_state, lambda path: update_batch_progress(path, 0, "completed")):
        with pytest.raises(BatchStateError, match=r"batch_state\.json .*version 3.*Update") as refused:
            call(state_file)
        assert not isinstance(refused.value, CorruptStateError)
    assert state_file.read_bytes() == before


def test_the_schema_takes_every_released_state(released: Path) -> None:
    validate(load_batch_state(released).to_dict(), released)
