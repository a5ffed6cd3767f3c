"""How far a batch is, in a few words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch

MARK = "[batch-implement]"
"""Begins what is said to Claude."""


def standing(batch: Batch) -> str:
    """``2 of 20 done, 1 failed, 1 held``."""
    counts = [
        (len(batch.completed_features), f"of {len(batch.features)} done"),
        (len(batch.failed_features), "failed"),
        (len(batch.held), "held"),
    ]
    return ", ".join(f"{count} {word}" for count, word in counts if count or "of" in word)


def unfinished(batch: Batch, *, is_elsewhere: bool) -> str:
    """For the person, as a session begins that does not work on it; another may."""
    if is_elsewhere:
        return f"Another session works on a batch in this project ({standing(batch)}): /batch-status"
    return (
        f"There is an unfinished batch in this project ({standing(batch)}). "
        "To go on with it: /batch-implement --resume; to see it: /batch-status"
    )
