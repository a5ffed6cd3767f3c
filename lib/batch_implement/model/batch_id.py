"""What a batch may be called: it becomes part of files' and branches' names."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

LONGEST = 100
RULE = f"letters, digits, '-', '_' and single dots, {LONGEST} characters at most"
_MARKS = {ord(mark): None for mark in "._-"}


def is_batch_id(text: str) -> bool:
    """Whether it keeps to :data:`RULE`, beginning with a letter or a digit, all of them ASCII."""
    bare = text.translate(_MARKS)
    return (
        text.isascii() and bare.isalnum() and text[0].isalnum() and len(text) <= LONGEST and ".." not in text
    )


def new_batch_id(now: datetime) -> str:
    """``batch-YYYYMMDD-HHMMSS-ffffff``; ``now`` is in UTC."""
    return now.strftime("batch-%Y%m%d-%H%M%S-%f")
