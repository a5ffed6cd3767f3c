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


def validate(fields: Mapping[str, Any], state_file: Path) -> None:
    """Raise :class:`CorruptStateError` naming the first field that is not as it should be."""
    import jsonschema  # noqa: PLC0415 -- 70 ms that only the full check needs

    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    error = next(iter(validator.iter_errors(fields)), None)
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the whole"
        raise CorruptStateError(f"{state_file} is not a batch state: {where}: {error.message[:200]}.")
    _check_indices(fields, state_file)


def _check_indices(fields: Mapping[str, Any], state_file: Path) -> None:
    """What the schema can't say: every index is one of a feature."""
    total = fields["total_features"]
    lists = ("completed_features", "feature_order")
    by_index = ("retry_attempts", "git_operations", "feature_dependencies", "attempts", "evidence", "held")
    indices = [(name, index) for name in lists for index in fields.get(name, ())]
    indices += [(name, int(index)) for name in by_index for index in fields.get(name, ())]
    indices += [("failed_features", record["feature_index"]) for record in fields.get("failed_features", ())]
    wrong = next(((name, index) for name, index in indices if index >= total), None)
    if wrong is not None:
        raise CorruptStateError(
            f"{state_file} is not a batch state: {wrong[0]} names feature {wrong[1]} of {total}."
        )
