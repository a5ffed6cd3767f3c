"""The full check of a state, against a schema that is made of the records' declarations.

It takes tens of milliseconds, so it is made when a batch is created, loaded by a person's command,
resumed or recovered; a single change is typed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import jsonschema

from batch_implement.errors import CorruptStateError
from batch_implement.model.batch import Batch
from batch_implement.model.batch_id import LONGEST
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES, Feature
from batch_implement.model.kinds import BRANCH_MODES, MESSAGE_STYLES, OPERATIONS, STATUSES, WORKFLOWS
from batch_implement.model.record import defaults_of, fields_of, record_named
from batch_implement.state.fields import REQUIRED
from batch_implement.state.form import FEATURES, RECORDS

if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping, JsonObject

_BATCH_ID = rf"^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){{0,{LONGEST - 1}}}$(?!\n)"
_TEXT = {"type": "string"}
_INDEX = {"type": "integer", "minimum": 0}
_LINE = {"type": "string", "maxLength": MAX_FEATURE_LENGTH}
# What JSON has for the kinds that records are declared with; other names are of records.
_KINDS: dict[str, JsonObject] = {
    "str": _TEXT,
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "object": {},
    "Count": _INDEX,
    "Index": _INDEX,
    "Time": {"type": "string", "maxLength": 40},
    "Sentence": _TEXT,
    "Line": _LINE,
    "Identifier": {"type": "string", "pattern": _BATCH_ID},
    "Status": {"enum": [*STATUSES]},
    "Workflow": {"enum": [*WORKFLOWS]},
    "BranchMode": {"enum": [*BRANCH_MODES]},
    "MessageStyle": {"enum": [*MESSAGE_STYLES]},
    "WorkerKind": _TEXT,
    "PauseKind": _TEXT,
    "ResumesWhen": _TEXT,
}
_UNIQUE = frozenset({"completed_features", "feature_order"})
_BY_FEATURE = {"pattern": "^[0-9]{1,4}$"}


def schema() -> JsonObject:
    """JSON Schema of the file."""
    properties = _properties(Batch)
    records = _record(Feature)
    records["properties"].pop("text")
    records["required"].remove("text")
    properties[FEATURES] = {"type": "array", "minItems": 1, "maxItems": MAX_FEATURES, "items": _LINE}
    properties[RECORDS] = {"type": "array", "maxItems": MAX_FEATURES, "items": records}
    properties["total_features"] = {"type": "integer", "minimum": 1, "maximum": MAX_FEATURES}
    properties["issue_numbers"] = {
        "type": ["array", "null"],
        "items": {"type": ["integer", "null"], "minimum": 1},
    }
    properties["feature_dependencies"] = _mapping("int", "tuple[Index,...]", {})
    properties["git_operations"]["additionalProperties"]["propertyNames"] = {"enum": [*OPERATIONS]}
    properties["checksum"] = _TEXT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The state of a batch, .claude/batch_state.json",
        "type": "object",
        "required": [*REQUIRED],
        "additionalProperties": False,
        "properties": properties,
    }


def validate(fields: JsonMapping, state_file: object) -> None:
    """Raise :class:`CorruptStateError` naming the first field that is not as it should be."""
    made = schema()
    error = next(iter(jsonschema.Draft202012Validator(made).iter_errors(dict(fields))), None)
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the whole"
        raise CorruptStateError(f"{state_file} is not a batch state: {where}: {error.message[:200]}.")
    wrong = _wrong_index(fields, made)
    if wrong:
        raise CorruptStateError(f"{state_file} is not a batch state: {wrong}.")


def _properties(kind: type) -> JsonObject:
    names = sys.modules[kind.__module__].__dict__
    found = {name: _of(annotation.replace(" ", ""), names) for name, annotation in fields_of(kind).items()}
    for name in found.keys() & _UNIQUE:
        found[name]["uniqueItems"] = True
    return found


def _of(annotation: str, names: JsonMapping) -> JsonObject:
    """The schema of an annotation; the language is that of :mod:`batch_implement.model.record`."""
    if annotation.endswith("|None"):
        return {"anyOf": [_of(annotation.removesuffix("|None"), names), {"type": "null"}]}
    if annotation.startswith("tuple["):
        return {"type": "array", "items": _of(annotation[len("tuple[") :].removesuffix(",...]"), names)}
    if annotation.startswith("Mapping["):
        key, _, rest = annotation[len("Mapping[") : -1].partition(",")
        return _mapping(key, rest, names)
    return dict(_KINDS[annotation]) if annotation in _KINDS else _record(record_named(annotation, names))


def _mapping(key: str, rest: str, names: JsonMapping) -> JsonObject:
    named = {"propertyNames": _BY_FEATURE} if key == "int" else {}
    return {"type": "object", **named, "additionalProperties": _of(rest, names)}


def _record(kind: type) -> JsonObject:
    """Fields it doesn't know may be there: a later version's, or of an operation."""
    required = [name for name in fields_of(kind) if name not in defaults_of(kind)]
    return {"type": "object", "required": required, "properties": _properties(kind)}


def _wrong_index(fields: JsonMapping, made: JsonMapping) -> str:
    """What the schema can't say: there are as many features as it says, and every index is one of them."""
    total = fields["total_features"]
    for name in (FEATURES, RECORDS):
        if name in fields and len(fields[name]) != total:
            return f"it says {total} features and lists {len(fields[name])}"
    by_feature = [
        name for name, kind in made["properties"].items() if kind.get("propertyNames") == _BY_FEATURE
    ]
    indices = [(name, index) for name in sorted(_UNIQUE) for index in fields.get(name, ())]
    indices += [(name, int(index)) for name in by_feature for index in fields.get(name) or ()]
    indices += [("failed_features", record["feature_index"]) for record in fields.get("failed_features", ())]
    indices += [
        ("feature_dependencies", index)
        for needed in fields.get("feature_dependencies", {}).values()
        for index in needed
    ]
    return next((f"{name} names feature {index} of {total}" for name, index in indices if index >= total), "")
