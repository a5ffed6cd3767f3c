"""The full check of a state, against the schema that is shipped beside this module.

It takes tens of milliseconds, so it is made when a batch is created, loaded by a person's command,
resumed or recovered; a single change is checked by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.errors import CorruptStateError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_FILE = Path(__file__).with_name("batch_state.schema.json")


def validate(fields: Mapping[str, Any], state_file: object) -> None:
    """Raise :class:`CorruptStateError` naming the first field that is not as it should be."""
    import jsonschema  # noqa: PLC0415 -- 70 ms that only the full check needs

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    error = next(iter(jsonschema.Draft202012Validator(schema).iter_errors(dict(fields))), None)
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the whole"
        raise CorruptStateError(f"{state_file} is not a batch state: {where}: {error.message[:200]}.")
    wrong = _wrong_index(fields, schema)
    if wrong:
        raise CorruptStateError(f"{state_file} is not a batch state: {wrong}.")


def _wrong_index(fields: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What the schema can't say: there are as many features as it says, and every index is one of them."""
    total = fields["total_features"]
    if len(fields["features"]) != total:
        return f"it says {total} features and lists {len(fields['features'])}"
    by_index = [name for name, kind in schema["properties"].items() if "propertyNames" in kind]
    indices = [
        (name, index) for name in ("completed_features", "feature_order") for index in fields.get(name, ())
    ]
    indices += [(name, int(index)) for name in by_index for index in fields.get(name, ())]
    indices += [("failed_features", record["feature_index"]) for record in fields.get("failed_features", ())]
    indices += [
        ("feature_dependencies", index)
        for needed in fields.get("feature_dependencies", {}).values()
        for index in needed
    ]
    return next((f"{name} names feature {index} of {total}" for name, index in indices if index >= total), "")
