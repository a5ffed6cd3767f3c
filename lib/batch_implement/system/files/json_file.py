"""Small JSON files that people read too, and whose content may be anything by the time they are read again.

Apart from :mod:`strict_json`, since writing with indents needs :mod:`json`, which no hook has the time to
load.
"""

from __future__ import annotations

import json
from datetime import datetime

from batch_implement.system.files.folder import Folder
from batch_implement.system.files.strict_json import NotJsonError, parse_json


def parse_object(data: bytes) -> dict[str, object]:
    """The JSON object in ``data``, by the standard; else :class:`NotJsonError`."""
    value = parse_json(data)
    if not isinstance(value, dict):
        raise NotJsonError("it is not a JSON object")
    return value


def to_bytes(value: object) -> bytes:
    """Indented ASCII, for files that people read."""
    return json.dumps(value, indent=2, allow_nan=False).encode("ascii") + b"\n"


def set_aside(folder: Folder, name: str, now: datetime) -> str:
    """Rename a file that can't be used, so that it can be looked at; the new name is returned."""
    stem = f"{name}.corrupt-{now:%Y%m%dT%H%M%S%f}"
    aside, number = stem, 1
    while folder.exists(aside):
        number += 1
        aside = f"{stem}-{number}"
    folder.rename(name, aside)
    return aside
