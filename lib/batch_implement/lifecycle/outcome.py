"""What a step came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """``text`` is for who called, Claude or a person; ``kind`` says what it is.

    ``assigned``: there is a feature to work on. ``waiting``: the same call is to be made again.
    ``ended``: the batch has ended, and the text is its report. ``stopped``: it is paused or cancelled.
    """

    kind: str
    text: str
