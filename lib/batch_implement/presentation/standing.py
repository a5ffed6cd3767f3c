"""How far a batch is, in a few words: one word for one thing, wherever it is said."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch

MARK = "[batch-implement]"
"""Begins what is said to Claude."""
_WORDS = {
    "in_progress": "at work",
    "paused": "paused",
    "completed": "ended",
    "failed": "ended",
    "cancelled": "stopped",
}


def standing(batch: Batch) -> str:
    """``2 of 20 done, 1 failed, 1 held``."""
    counts = [
        (len(batch.completed_features), f"of {len(batch.features)} done"),
        (len(batch.failed_features), "failed"),
        (len(batch.held), "held"),
    ]
    return ", ".join(f"{count} {word}" for count, word in counts if count or "of" in word)


def word_of(status: str) -> str:
    """A batch's status as people read it; a batch may end without all of it done."""
    return _WORDS.get(status, status)


def state_of(batch: Batch) -> str:
    """The same; ``completed`` only where every feature is done."""
    is_complete = batch.status == "completed" and len(batch.completed_features) == batch.total
    return "completed" if is_complete else word_of(batch.status)


def source_of(features_file: str, source_type: str) -> str:
    """Where its features come from: a file's name, or what it is instead."""
    return features_file or {"issues": "GitHub issues", "request": "your words"}.get(source_type, source_type)


def counted(number: int, what: str) -> str:
    """``1 feature``, ``3 features``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def unfinished(batch: Batch, *, is_elsewhere: bool) -> str:
    """For the person, as a session begins that does not work on it; another may."""
    if is_elsewhere:
        return f"Another session works on a batch in this project ({standing(batch)}): /batch-status"
    return (
        f"There is an unfinished batch in this project ({standing(batch)}). "
        "To go on with it: /batch-implement --resume; to see it: /batch-status"
    )
