"""What a batch may be called: the name is part of files' names, of branches and of commits' trailers."""

from __future__ import annotations

LONGEST = 100
RULE = f"letters, digits, '-', '_' and single dots, {LONGEST} characters at most"


def is_batch_id(text: str) -> bool:
    """Whether ``text`` keeps to :data:`RULE`, beginning with a letter or a digit, all of them ASCII."""
    # Without a pattern: a hook has no time to load ``re``.
    bare = text.translate({ord(mark): None for mark in "._-"})
    short = len(text) <= LONGEST and ".." not in text
    return short and text.isascii() and bare.isalnum() and text[0].isalnum()
