"""What ``clean`` and ``uninstall`` have removed, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.standing import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from batch_implement.engine.cleaning import Cleaned

_STAYS = "Branches with kept work, commits and .env stay."
_PLUGIN = (
    "Claude Code's own copy of the plugin goes with /plugin uninstall batch-implement. What batches left in "
    "a project goes with batch-implement clean, there."
)


def clean_answer(cleaned: Cleaned) -> Answer:
    if cleaned.unfinished:
        which = (
            "A batch whose state can't be read"
            if cleaned.unfinished == "?"
            else f"Batch {cleaned.unfinished}"
        )
        return Answer(
            "refused",
            f"{which} has not ended, so nothing was removed. End it with batch-implement stop, or "
            "remove it too: batch-implement clean --with-unfinished",
        )
    data = {"removed": list(cleaned.removed), "exclude": cleaned.excluded}
    if not cleaned.removed and not cleaned.excluded:
        return told("There was nothing of batch-implement in this project.", data)
    lines = [
        f"Removed {counted(len(cleaned.removed), 'file')} below .claude, reports and history among them."
    ]
    lines += ["Removed our lines from git's info/exclude."] if cleaned.excluded else []
    return told("\n".join([*lines, _STAYS]), data)


def uninstall_answer(removed: Sequence[Path]) -> Answer:
    lines = [f"Removed {path}" for path in removed] or ["Nothing was left outside of projects."]
    return told("\n".join([*lines, _PLUGIN]), {"removed": [str(path) for path in removed]})
