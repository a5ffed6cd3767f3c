"""A word to the person through the terminal itself, in the sequences that Claude Code passes on."""

from __future__ import annotations

from batch_implement.presentation.standing import standing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch


def terminal_sequence(batch: Batch, what: str) -> str:
    """A desktop notification where the terminal knows one (OSC 777 and 9), and the bell."""
    # Digits and plain words only: the text can't end or begin a sequence.
    body = f"{what}: {standing(batch)}"
    return f"\033]777;notify;batch-implement;{body}\007\033]9;batch-implement {body}\007\007"
