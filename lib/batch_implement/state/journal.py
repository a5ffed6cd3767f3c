"""The record of a batch: one line a transition, appended durably, never rewritten.

A line says what happened for a person, holds what changed for the program, so that the state after the
last transition can be made again from the one before it, and ends with a checksum of its own.
"""

from __future__ import annotations

import zlib

from batch_implement.errors import PathError
from batch_implement.state.document import parse_json
from batch_implement.state.home import BATCHES, journal_name
from batch_implement.system.files.strict_json import render_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.state.document import Document
    from batch_implement.system.files.folder import Folder

FOLDER = BATCHES[-1]
CREATED = "created"
UNDONE = "undone"
SIZE_LIMIT = 512 * 1024 * 1024
_CHECKSUM_KEY = b',"checksum":'


class Change:
    """A transition on its way into the file: its event, the fields that it sets, and those that go."""

    __slots__ = ("changes", "details", "event", "gone")  # a named tuple would bring all of collections

    def __init__(
        self,
        event: str,
        changes: JsonMapping,
        details: Mapping[str, object] | None = None,
        gone: Iterable[str] = (),
    ) -> None:
        self.event = event
        self.changes = changes
        self.details = details or {}
        self.gone = gone


class Entry:
    """A line on its way into the journal of a batch."""

    def __init__(self, batch_id: str, line: bytes) -> None:
        self._name = journal_name(batch_id)
        self._line = line
        self._is_begun = False

    def append(self, folder: Folder) -> None:
        """Append it durably; ``folder`` is that of the state file."""
        self._is_begun = True
        with folder.inner(FOLDER, create=True) as past:
            past.append(self._name, self._line, alone=True)

    def take_back(self, folder: Folder, undone: bytes) -> None:
        """Append that the transition was not made after all, if it was recorded.

        Where that fails as well, only a recovery from this journal would still make it.
        """
        if not self._is_begun:
            return
        try:
            with folder.inner(FOLDER) as past:
                past.append(self._name, undone, alone=True)
        except (OSError, PathError):
            return


def line(change: Change, before: JsonMapping, sequence: int, at: str) -> bytes:
    """One ASCII line: escapes keep line breaks, ANSI and bidirectional controls out of it."""
    record = {
        "sequence": sequence,
        "at": at,
        "event": change.event,
        **change.details,
        "changes": {**difference(before, change.changes), **{name: {"gone": True} for name in change.gone}},
    }
    body = render_json(record)[:-1]
    return body + _CHECKSUM_KEY + _tail(body)


def read(folder: Folder, batch_id: str) -> list[JsonObject]:
    """The transitions in order; raises :class:`OSError` when there is no journal.

    Lines that are cut off or damaged are left out. A sequence number that comes again takes back what
    came after it: that transition was recorded, and then never reached the state.
    """
    records: list[JsonObject] = []
    for raw in folder.read(journal_name(batch_id), SIZE_LIMIT).split(b"\n"):
        record = _parse(raw + b"\n")
        if record is None:
            continue
        while records and records[-1]["sequence"] >= record["sequence"]:
            records.pop()
        if record["event"] != UNDONE:
            records.append(record)
    return records


def replay(document: Document, records: list[JsonObject]) -> Document:
    """The document with the transitions made that follow on it without a gap."""
    for record in records:
        if record["sequence"] == int(document.get("sequence", 0)) + 1:
            steps = record["changes"]
            document = document.changed(
                redo(document, steps), [name for name, step in steps.items() if "gone" in step]
            )
    return document


def difference(before: JsonMapping, changes: JsonMapping) -> JsonObject:
    """What the changes change, in the smallest form: ``put`` keys, ``append`` items, or ``set`` the whole."""
    return {
        name: _difference(before.get(name), value)
        for name, value in changes.items()
        if name not in before or before[name] != value
    }


def redo(before: JsonMapping, recorded: JsonMapping) -> JsonObject:
    """The changes that :func:`difference` recorded, as whole values again."""
    changes: JsonObject = {}
    for name, step in recorded.items():
        if "put" in step:
            changes[name] = {**before[name], **step["put"]}
        elif "append" in step:
            changes[name] = [*before[name], *step["append"]]
        elif "set" in step:
            changes[name] = step["set"]
    return changes


def _parse(raw: bytes) -> JsonObject | None:
    body, _, tail = raw.rpartition(_CHECKSUM_KEY)
    if tail != _tail(body):
        return None
    record = parse_json(body + b"}")
    return record if isinstance(record.get("changes"), dict) else None


def _tail(body: bytes) -> bytes:
    return b'"%08x"}\n' % zlib.crc32(body)


def _difference(old: Any, new: Any) -> JsonObject:
    if isinstance(old, dict) and isinstance(new, dict) and old and old.keys() <= new.keys():
        return {"put": {key: value for key, value in new.items() if key not in old or old[key] != value}}
    if isinstance(old, list) and isinstance(new, list) and old and new[: len(old)] == old:
        return {"append": new[len(old) :]}
    return {"set": new}
