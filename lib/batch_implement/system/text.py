"""Untrusted text made safe to keep on one line and to show in a terminal."""

from __future__ import annotations

import unicodedata

MAX_FEATURE_LENGTH = 10_000
# Zero-width joiners and variation selectors belong to words and emoji; these others only mislead.
_KEPT = frozenset("\u200c\u200d")


def one_line(text: str) -> str:
    """The text without control and formatting characters (ANSI, bidirectional), white space folded."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(letter if _harmless(letter) else " " for letter in text)
    return " ".join(kept.split())


def sanitize_feature_name(text: str) -> str:
    """A feature's text as it is kept: one line, at most 10,000 characters."""
    return one_line(text)[:MAX_FEATURE_LENGTH]


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis for what is left out."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _harmless(letter: str) -> bool:
    return letter in _KEPT or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
