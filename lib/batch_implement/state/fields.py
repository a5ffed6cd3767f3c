"""The fields of a state file: which there are, of what kind, and the check that a hook can afford."""

from __future__ import annotations

from batch_implement.errors import CorruptStateError
from batch_implement.model.batch import Batch
from batch_implement.model.batch_id import is_batch_id
from batch_implement.model.kinds import EARLIER_NAMES, STATUSES
from batch_implement.model.record import defaults_of, fields_of, to_json
from batch_implement.state.form import RECORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.json_types import JsonMapping, JsonObject

REQUIRED: dict[str, type] = {
    "batch_id": str,
    "features_file": str,
    "total_features": int,
    "features": list,
    "current_index": int,
    "status": str,
}
_BESIDE: dict[str, type] = {RECORDS: list, "feature_dependencies": dict}
# Names of the fields that may be missing; their values are made when one is.
OPTIONAL = frozenset(defaults_of(Batch)) - REQUIRED.keys() | {"issue_numbers", "feature_dependencies"}
_WORDS = {str: "a text", int: "a number", list: "a list", dict: "an object"}


def defaults() -> JsonObject:
    """A value for every field that may be missing, as JSON has it."""
    found = {name: to_json(value) for name, value in defaults_of(Batch).items() if name not in REQUIRED}
    return {**found, "issue_numbers": None, "feature_dependencies": {}}


def require(fields: JsonMapping) -> None:
    """Raise :class:`CorruptStateError` naming the first field that is missing or of another kind."""
    for name in REQUIRED:
        if name not in fields:
            raise CorruptStateError(f"its field {name} is missing")
    for name, kind in _kinds().items():
        if name in fields and not _is(fields[name], kind):
            raise CorruptStateError(f"its field {name} is not {_WORDS[kind]}")
    if not is_batch_id(fields["batch_id"]):
        raise CorruptStateError(f"its batch_id is {fields['batch_id'][:100]!r}")
    if fields["status"] not in STATUSES and fields["status"] not in EARLIER_NAMES:
        raise CorruptStateError(f"its status is {fields['status'][:40]!r}")
    if len(fields["features"]) != fields["total_features"]:
        raise CorruptStateError(
            f"it says {fields['total_features']} features and lists {len(fields['features'])}"
        )


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _kinds() -> dict[str, type]:
    """What JSON has in each field; those that may be null, or are records, are left out."""
    declared = {name: _kind_of(name, annotation) for name, annotation in fields_of(Batch).items()}
    return {**{name: kind for name, kind in declared.items() if kind is not None}, **_BESIDE, **REQUIRED}


def _kind_of(name: str, annotation: str) -> type | None:
    if annotation.endswith("None"):
        return None
    if annotation.startswith("tuple["):
        return list
    default = defaults_of(Batch).get(name)
    return dict if annotation.startswith("Mapping[") else type(default) if default is not None else None
