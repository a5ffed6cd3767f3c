"""The fields are told in three places, which have to agree."""

from __future__ import annotations

import dataclasses

import jsonschema

from batch_implement.api.batch_state import BatchState
from batch_implement.api.batch_state_manager import create_batch_state
from batch_implement.state.fields import MAX_FEATURES, REQUIRED, STATUSES, defaults
from batch_implement.state.schema import schema

SCHEMA = schema()


def test_the_dataclass_the_defaults_and_the_schema_have_the_same_fields() -> None:
    assert BatchState.field_names() == REQUIRED.keys() | defaults().keys()
    assert BatchState.field_names() | {"checksum"} == SCHEMA["properties"].keys()
    assert SCHEMA["required"] == list(REQUIRED)


def test_the_dataclass_and_the_defaults_agree() -> None:
    state = create_batch_state(features=["x"], batch_id="b").to_dict()
    times = {"created_at", "updated_at"}
    assert {name: state[name] for name in defaults().keys() - times} == {
        name: value for name, value in defaults().items() if name not in times
    }


def test_the_indices_are_texts_in_the_file_for_every_field_that_has_them() -> None:
    by_index = {name for name, kind in SCHEMA["properties"].items() if "propertyNames" in kind}
    indexed = [entry.name for entry in dataclasses.fields(BatchState) if "dict[int" in str(entry.type)]
    assert by_index == set(indexed)


def test_the_schema_knows_every_status_and_the_most_features() -> None:
    assert set(SCHEMA["properties"]["status"]["enum"]) == STATUSES
    assert SCHEMA["properties"]["features"]["maxItems"] == MAX_FEATURES


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
