"""What a step came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """``text`` is for who called, Claude or a person; ``kind`` says what it is.

    ``assigned``: there is a feature to work on. ``waiting``: the same call is to be made again.
    ``ended``: the batch has ended, and the text is its report. ``stopped``: it is paused or cancelled.
    ``told``: an answer for a person, after which nothing is to be done. ``data`` is what a program may
    ask for.
    """

    kind: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)
