"""Logs of one JSON record a line, that several processes add to and nothing can forge."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING

from batch_implement.errors import LockError
from batch_implement.system.files import kernel_lock
from batch_implement.system.files.json_file import parse_object
from batch_implement.system.files.strict_json import NotJsonError, render_json
from batch_implement.system.patience import Delay
from batch_implement.system.text.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batch_implement.system.files.folder import Folder

_LOCK_SECONDS = 10.0


def append_record(
    folder: Folder, name: str, record: Mapping[str, object], *, known_secrets: Sequence[str] = ()
) -> None:
    """Add one record durably. Every text in it is cleared of secrets; the line is pure ASCII.

    A line that a full disk or a power cut left unfinished is ended first, so that it spoils no other.
    """
    line = render_json(_without_secrets(record, known_secrets)) + b"\n"
    # Locked, though a single write needs no lock: another's write under way looks like an unfinished line.
    descriptor = kernel_lock.adopt(folder.open_file(name, os.O_RDONLY | os.O_CREAT))
    delay = Delay("lock", f"{folder.path}/{name}", _LOCK_SECONDS)
    try:
        if not kernel_lock.take(descriptor, fcntl.LOCK_EX, time.monotonic() + _LOCK_SECONDS, delay.say):
            raise LockError(
                f"{f'{folder.path}/{name}'} is locked by another process for {_LOCK_SECONDS:g} seconds, so a "
                "record could not be added. Find out which process holds it open."
            )
        folder.append(name, line, alone=True)
    finally:
        kernel_lock.close(descriptor)


def read_records(folder: Folder, name: str) -> list[dict[str, object]]:
    """All whole records, oldest first; lines that are none are passed over. No file is no records."""
    try:
        data = folder.read(name)
    except FileNotFoundError:
        return []
    records = []
    for line in data.splitlines():
        try:
            records.append(parse_object(line))
        except NotJsonError:
            continue
    return records


def _without_secrets(value: object, known: Sequence[str]) -> object:
    if isinstance(value, str):
        return redact(value, known)
    if isinstance(value, dict):
        return {str(key): _without_secrets(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_secrets(item, known) for item in value]
    return value
