"""A state that an earlier version wrote, in the form of this one."""

from __future__ import annotations

from batch_implement.errors import CorruptStateError
from batch_implement.model.batch import VERSION
from batch_implement.model.kinds import EARLIER_NAMES
from batch_implement.state.fields import OPTIONAL, defaults, require
from batch_implement.state.form import RECORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.state.document import Document

# What version 2 kept for the batch and is now with the attempt, or nowhere because nobody asked for it.
_GONE = ("attempt", "baseline", "check_run", "issue_bodies", "wake")
_AGENTS = {"agents": "workers", "agent": "worker"}


def upgraded(document: Document) -> Document:
    """The document with the fields it lacks; of the present version it is returned as it is.

    Raises :class:`CorruptStateError` naming a field that is not as it should be.
    """
    changes, gone = upgrade(document)
    return document.changed(changes, gone) if changes else document


def upgrade(document: Document) -> tuple[JsonObject, tuple[str, ...]]:
    """The fields that have to be set, none for a state of this version, and those that have to go."""
    version, missing = document.get("version", 1), OPTIONAL.difference(document)
    if version == VERSION and not missing:
        return {}, ()
    if version != VERSION:
        require(document)
    changes = {name: value for name, value in defaults().items() if name in missing}
    if version == VERSION:
        return changes, ()
    try:
        return changes | _in_present_form(document), tuple(name for name in _GONE if name in document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CorruptStateError(f"a field is not as version {version} has it ({error!r})") from error


def _in_present_form(document: Document) -> JsonObject:
    """What version 3 has in another form than those before it."""
    status, attempt = document["status"], document.get("attempt")
    return {
        "version": VERSION,
        "status": EARLIER_NAMES.get(status, status),
        RECORDS: _records(document),
        "analysis_metadata": _without(document.get("analysis_metadata") or {}, "evidence"),
        "open_attempts": {str(attempt["feature_index"]): _attempt(attempt)} if attempt else {},
        "attempts": {
            index: [{"feature_index": int(index), **_attempt(one)} for one in ended]
            for index, ended in (document.get("attempts") or {}).items()
        },
        "waits": [document["wake"]] if document.get("wake") else [],
        "stalls": _stalls(document.get("stalls")),
        "pause": _pause(document.get("pause")),
    }


def _records(document: Document) -> list[JsonObject]:
    """One record a feature of what stood in lists beside each other."""
    numbers, bodies = document.get("issue_numbers") or [], document.get("issue_bodies") or {}
    needs = _needs(document)
    records: list[JsonObject] = []
    for index in range(document["total_features"]):
        record: JsonObject = {"id": str(index + 1)}
        if index < len(numbers):
            record["issue"] = numbers[index]
        if str(index) in bodies:
            record["body"] = bodies[str(index)]
        if index in needs:
            record["needs"] = needs[index]
        records.append(record)
    return records


def _needs(document: Document) -> dict[int, list[JsonObject]]:
    """By feature. Where no evidence was kept at all, what is there was written down by somebody; what alone
    has none was not firm enough to hold a feature."""
    evidence = (document.get("analysis_metadata") or {}).get("evidence")
    known = {(edge["feature"], edge["on"]): _without(edge, "feature") for edge in evidence or ()}
    unknown = {} if evidence is None else {"kind": "unknown", "confidence": 0.0}
    return {
        int(index): [known.get((int(index), on), {"on": on, **unknown}) for on in needed]
        for index, needed in (document.get("feature_dependencies") or {}).items()
        if needed
    }


def _attempt(attempt: JsonMapping) -> JsonObject:
    return {_AGENTS.get(name, name): value for name, value in attempt.items() if value is not None}


def _stalls(stalls: JsonMapping | None) -> JsonObject | None:
    """The turns at one place are counted anew, since it is named otherwise; the features are not."""
    if not stalls:
        return None
    row = stalls.get("row", 0) if stalls.get("place") is None else 0
    return {"row": row, "features": stalls.get("features", 0)}


def _pause(pause: JsonMapping | None) -> JsonObject | None:
    if not pause:
        return None
    return {"kind": "earlier", "since": pause.get("since", ""), "about": pause.get("reason", "")}


def _without(fields: JsonMapping, name: str) -> JsonObject:
    return {key: value for key, value in fields.items() if key != name}
