"""Small JSON files whose content may be anything by the time they are read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from datetime import datetime

    from batch_implement.system.folder import Folder

SIZE_LIMIT = 4 * 1024 * 1024


class NotJsonError(ValueError):
    """The bytes are not a JSON object; the message says where or why."""


def parse_object(data: bytes) -> dict[str, object]:
    """The JSON object in ``data``, by the standard: no NaN, no infinity, no key twice; else NotJsonError."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_unique_keys,
        )
    except RecursionError:
        raise NotJsonError("it is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError and ours
        raise NotJsonError(str(error)) from error
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


def _refuse_constant(word: str) -> NoReturn:
    raise NotJsonError(f"{word} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise NotJsonError(f"{digits[:40]} is too large a number")
    return value


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJsonError("a key occurs twice in one object")
    return found
