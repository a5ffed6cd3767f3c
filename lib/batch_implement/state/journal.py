"""The record of a batch: one line a transition, appended durably, never rewritten.

A line says what happened for a person, and holds what changed for the program, so that the state after
the last transition can be made again from the one before it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.system.folder import Folder

FOLDER = "batches"


class Transition(NamedTuple):
    """What a decision came to: the event's name, the fields it sets, and what a reader should know of it.

    No ``changes`` means that there is nothing to do and nothing is written.
    """

    event: str
    changes: Mapping[str, Any]
    details: Mapping[str, Any] = {}


def name_of(batch_id: str) -> str:
    return f"{batch_id}.jsonl"


def line(transition: Transition, before: Mapping[str, Any], sequence: int, at: str) -> bytes:
    """One ASCII line: escapes keep line breaks, ANSI and bidirectional controls out of it."""
    record = {
        "sequence": sequence,
        "at": at,
        "event": transition.event,
        **transition.details,
        "changes": difference(before, transition.changes),
    }
    return json.dumps(record, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def read(folder: Folder, batch_id: str) -> list[dict[str, Any]]:
    """The records in order; a last line cut off by a crash is left out, and of a transition that was
    begun twice (the first never reached the state) the second counts."""
    records: dict[int, dict[str, Any]] = {}
    for raw in folder.read(name_of(batch_id)).splitlines():
        try:
            record = json.loads(raw)
            records[int(record["sequence"])] = record
        except (ValueError, KeyError, TypeError):
            continue
    return [records[sequence] for sequence in sorted(records)]


def difference(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes in the smallest of three forms: ``put`` keys, ``append`` items, or ``set`` the whole."""
    return {name: _difference(before.get(name), value) for name, value in changes.items()}


def redo(before: Mapping[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that :func:`difference` recorded, as whole values again."""
    changes: dict[str, Any] = {}
    for name, step in recorded.items():
        if "put" in step:
            changes[name] = {**before[name], **step["put"]}
        elif "append" in step:
            changes[name] = [*before[name], *step["append"]]
        else:
            changes[name] = step["set"]
    return changes


def _difference(old: Any, new: Any) -> dict[str, Any]:
    if isinstance(old, dict) and isinstance(new, dict) and old and old.keys() <= new.keys():
        return {"put": {key: value for key, value in new.items() if key not in old or old[key] != value}}
    if isinstance(old, list) and isinstance(new, list) and old and new[: len(old)] == old:
        return {"append": new[len(old) :]}
    return {"set": new}
