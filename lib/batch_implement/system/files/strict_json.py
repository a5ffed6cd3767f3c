"""JSON as the standard has it, from bytes that anyone may have written: the state and its journal.

What it refuses beyond :mod:`json` is here; :mod:`quick_json` is only the way to the answers of :mod:`json`
without its imports, which is all that a hook needs for what its own client tells it.
"""

from __future__ import annotations

from batch_implement.system.files import quick_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.json_types import JsonObject


class NotJsonError(ValueError):
    """The bytes are not what they should be; the message says where or why."""


def render_json(value: Any) -> bytes:
    """Compact ASCII that :func:`parse_json` reads again: half of a surrogate pair, as a name that is not
    UTF-8 has it in Python, becomes a question mark."""
    text = quick_json.dumps(value)
    if "\\ud" in text:
        whole = quick_json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        text = quick_json.dumps(quick_json.loads(whole.decode()))
    return text.encode("ascii")


def parse_json(data: bytes) -> Any:
    """JSON without what Python accepts beyond it: NaN, infinity, repeated keys, half a surrogate pair.

    Raises :class:`NotJsonError`.
    """
    try:
        value = quick_json.loads(
            data.decode("utf-8"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
            parse_float=_finite,
        )
        if b"\\u" in data:
            quick_json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise NotJsonError("it is nested too deeply") from error
    except UnicodeError as error:
        raise NotJsonError("it holds characters that are not UTF-8") from error
    except ValueError as error:
        raise NotJsonError(f"it is not JSON: {str(error)[:120]}") from error
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> JsonObject:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is there twice")
    return fields
