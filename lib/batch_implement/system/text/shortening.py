"""How much of a text is kept; apart from :mod:`text`, whose patterns a hook has no time to compile."""

from __future__ import annotations


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis for what is left out."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
