"""A state that an earlier version wrote, in the form of this one."""

from __future__ import annotations

from batch_implement.model.batch import VERSION
from batch_implement.model.kinds import EARLIER_NAMES
from batch_implement.state.fields import defaults, require
from batch_implement.state.form import RECORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

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


def upgrade(document: Document) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields that have to be set, none for a state of this version, and those that have to go."""
    version, missing = document.get("version", 1), _DEFAULTS - document.keys()
    if version == VERSION and not missing:
        return {}, ()
    if version == 1:  # such a file has no checksum: anyone may have written it
        require(document)
    changes = {name: value for name, value in defaults().items() if name in missing}
    if version == VERSION:
        return changes, ()
    status = document["status"]
    changes |= {"version": VERSION, "status": EARLIER_NAMES.get(status, status)}
    changes[RECORDS] = _records(document)
    changes["analysis_metadata"] = _without(document.get("analysis_metadata") or {}, "evidence")
    changes["attempts"] = {
        index: [_attempt(index, one) for one in ended]
        for index, ended in (document.get("attempts") or {}).items()
    }
    if attempt := document.get("attempt"):
        index = str(attempt["feature_index"])
        changes["open_attempts"] = {index: _attempt(index, attempt)}
    changes["waits"] = [document["wake"]] if document.get("wake") else []
    changes["stalls"] = None
    if pause := document.get("pause"):
        changes["pause"] = {
            "kind": "earlier",
            "since": pause.get("since", ""),
            "about": pause.get("reason", ""),
        }
    return changes, tuple(name for name in _GONE if name in document)


def _records(document: Document) -> list[dict[str, Any]]:
    """One record a feature of what stood in lists beside each other."""
    numbers, bodies = document.get("issue_numbers") or [], document.get("issue_bodies") or {}
    needs = _needs(document)
    records: list[dict[str, Any]] = []
    for index in range(document["total_features"]):
        record: dict[str, Any] = {"id": str(index + 1)}
        if index < len(numbers):
            record["issue"] = numbers[index]
        if str(index) in bodies:
            record["body"] = bodies[str(index)]
        if index in needs:
            record["needs"] = needs[index]
        records.append(record)
    return records


def _needs(document: Document) -> dict[int, list[dict[str, Any]]]:
    """By feature; where no evidence was kept, what is written down is believed."""
    evidence = (document.get("analysis_metadata") or {}).get("evidence")
    needs: dict[int, list[dict[str, Any]]] = {}
    if evidence is None:
        for index, needed in (document.get("feature_dependencies") or {}).items():
            needs[int(index)] = [{"on": on} for on in needed]
        return {index: found for index, found in needs.items() if found}
    for edge in evidence:
        needs.setdefault(edge["feature"], []).append(_without(edge, "feature"))
    return needs


def _attempt(index: str, attempt: Mapping[str, Any]) -> dict[str, Any]:
    named = {_AGENTS.get(name, name): value for name, value in attempt.items()}
    return {
        "feature_index": int(index),
        **{name: value for name, value in named.items() if value is not None},
    }


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


_DEFAULTS = frozenset(defaults())
