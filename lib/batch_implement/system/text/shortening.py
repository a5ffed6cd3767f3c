"""How much of a text is kept; apart from :mod:`text`, whose patterns a hook has no time to compile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis for what is left out."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def some_of(names: Sequence[str], most: int) -> str:
    """The first few in a row, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
