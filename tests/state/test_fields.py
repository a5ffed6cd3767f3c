"""A field is declared once; its schema, its default and the documented class follow from that."""

from __future__ import annotations

import dataclasses

import jsonschema
import pytest

from batch_implement.api.batch_state import BatchState
from batch_implement.api.batch_state_manager import create_batch_state
from batch_implement.errors import CorruptStateError
from batch_implement.model.batch import Batch
from batch_implement.model.feature import MAX_FEATURES, Feature
from batch_implement.model.record import defaults_of, fields_of
from batch_implement.state.document import Document
from batch_implement.state.fields import OPTIONAL, REQUIRED, defaults, require
from batch_implement.state.form import OF_FEATURES, all_fields, batch_of
from batch_implement.state.schema import schema, validate

SCHEMA = schema()
DOCUMENTED = {entry.name for entry in dataclasses.fields(BatchState)} - {"rest"}


def _new() -> Batch:
    return Batch(batch_id="b", features_file="", features=(Feature(id="1", text="Add login"),))


def test_the_file_has_the_declared_fields_and_the_documented_lists_of_features() -> None:
    in_file = fields_of(Batch).keys() | set(OF_FEATURES)
    assert all_fields(_new()).keys() == in_file
    assert SCHEMA["properties"].keys() == in_file | {"checksum"}
    assert SCHEMA["required"] == [*REQUIRED]


def test_every_field_is_needed_or_has_a_default() -> None:
    assert defaults().keys() == OPTIONAL
    assert REQUIRED.keys() | OPTIONAL | {"feature_records"} == all_fields(_new()).keys()


def test_what_the_program_writes_has_every_documented_field() -> None:
    assert all_fields(_new()).keys() >= DOCUMENTED


def test_a_documented_field_has_the_same_default_wherever_a_state_is_made() -> None:
    state = create_batch_state(features=["Add login"], batch_id="b").to_dict()
    made = all_fields(_new())
    own = {"created_at", "updated_at", "feature_records", "feature_dependencies"}
    assert {name: state[name] for name in made if name not in own} == {
        name: value for name, value in made.items() if name not in own
    }
    assert state.keys() == made.keys()


def test_a_state_that_is_all_defaults_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validate(all_fields(_new()), "")
    require(all_fields(_new()))


def test_the_indices_are_texts_in_the_file_for_every_field_that_has_them() -> None:
    by_index = {name for name, kind in SCHEMA["properties"].items() if "propertyNames" in kind}
    declared = {name for name, kind in fields_of(Batch).items() if kind.startswith("Mapping[int")}
    assert by_index == declared | {"feature_dependencies"}
    documented = {entry.name for entry in dataclasses.fields(BatchState) if "dict[int" in str(entry.type)}
    assert documented <= by_index


def test_the_schema_knows_the_most_features() -> None:
    assert SCHEMA["properties"]["features"]["maxItems"] == MAX_FEATURES


@pytest.mark.parametrize("name", sorted(defaults_of(Batch)))
def test_a_field_that_is_not_as_declared_is_found_by_the_full_check(name: str) -> None:
    with pytest.raises(CorruptStateError, match=name):
        validate({**all_fields(_new()), name: 1.5}, "state.json")


def test_a_batch_is_read_again_as_it_was_written() -> None:
    batch = _new()
    assert batch_of(Document.of(all_fields(batch))) == batch


def test_an_attribute_that_would_not_be_written_can_not_be_set() -> None:
    state = create_batch_state(features=["Add login"])
    with pytest.raises(AttributeError):
        state.github_breaker = {}  # type: ignore[attr-defined]
