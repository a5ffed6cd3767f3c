"""JSON without importing :mod:`json`, which brings ``re``, ``enum`` and ``functools`` with it.

That import takes most of the time of starting Python, and a hook that is started at every stop of every
session pays it each time. What does the work in :mod:`json` is the C module behind it, which is used here
directly; where that is missing, or isn't what it is today, and for every error, :mod:`json` itself is used.
It adds nothing to :mod:`json`: what a file must not hold is for :mod:`strict_json`, on top of it.
"""

from __future__ import annotations

try:
    import _json as accelerator
except ImportError:  # another Python than CPython
    accelerator = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SPACE = " \t\n\r"


class _Rules:
    """What the scanner reads of a ``json.JSONDecoder``."""

    strict = True
    object_hook = None
    array_hook = None
    parse_int = int

    def __init__(
        self,
        object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None,
        parse_float: Callable[[str], Any],
        parse_constant: Callable[[str], Any],
    ) -> None:
        self.object_pairs_hook = object_pairs_hook
        self.parse_float = parse_float
        self.parse_constant = parse_constant


def loads(
    text: str,
    *,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
    parse_float: Callable[[str], Any] = float,
    parse_constant: Callable[[str], Any] = float,
) -> Any:
    """As :func:`json.loads` of a text."""
    try:
        rules = _Rules(object_pairs_hook, parse_float, parse_constant)
        scan = accelerator.make_scanner(rules)  # type: ignore[arg-type]  # any object with those names
        value, end = scan(text, len(text) - len(text.lstrip(_SPACE)))
        if not text[end:].strip(_SPACE):
            return value
    except (AttributeError, TypeError, StopIteration, SystemError):
        pass  # SystemError: before Python 3.12 the scanner has no error to raise until json is imported
    import json  # noqa: PLC0415 -- what this module is there to avoid

    return json.loads(
        text, object_pairs_hook=object_pairs_hook, parse_float=parse_float, parse_constant=parse_constant
    )


def dumps(value: object, *, ensure_ascii: bool = True) -> str:
    """As :func:`json.dumps`, without spaces; NaN and infinity are a :class:`ValueError`."""
    try:
        quoted = accelerator.encode_basestring_ascii if ensure_ascii else accelerator.encode_basestring
        encode = accelerator.make_encoder({}, _refuse, quoted, None, ":", ",", False, False, False)
        return "".join(encode(value, 0))
    except (AttributeError, TypeError):
        pass
    import json  # noqa: PLC0415 -- what this module is there to avoid

    return json.dumps(value, ensure_ascii=ensure_ascii, allow_nan=False, separators=(",", ":"))


def _refuse(value: object) -> None:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
