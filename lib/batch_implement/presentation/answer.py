"""An answer as it leaves the program: text for who called, and data for a program that asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.presentation.screen import Screen

    Kind = Literal["assigned", "waiting", "stopped", "ended", "told", "refused"]


_TO_HAVE_IT_WORKED = (
    "To have it worked, start Claude Code in this project and type: /batch-implement --resume\n"
    'Or headless: claude -p "/batch-implement --resume" --permission-mode acceptEdits --allowedTools Bash'
)


@dataclass(frozen=True)
class Answer:
    """``kind`` says what it is: ``assigned``, there is a feature to work on; ``waiting``, the same call is to
    be made again; ``ended``, with the report; ``stopped``, until a person acts; ``told``, nothing is to be
    done; ``refused``, nothing was done.

    ``status`` is the exit status of a command that has one of its own for this answer.
    ``shown`` is what a person sees beside ``text`` where that is for Claude. ``screen`` is what a terminal
    shows in place of ``text``, which is the same without colours.
    """

    kind: Kind
    text: str
    data: JsonMapping = field(default_factory=dict)
    shown: str = ""
    screen: Screen | None = None
    is_markdown: bool = False
    status: int = 0

    @property
    def for_a_person(self) -> str:
        """What is printed in a terminal of a person's, where nobody works on what was assigned."""
        if self.kind not in {"assigned", "waiting"} or not self.shown:
            return self.shown or self.text
        return f"{self.shown}\n\n{_TO_HAVE_IT_WORKED}"

    def to_json(self) -> JsonObject:
        summary = {"summary": self.shown} if self.shown else {}
        return {"kind": self.kind, "text": self.text, **summary, **self.data}


def told(text: str, data: JsonMapping | None = None) -> Answer:
    """For a person, after which nothing is to be done."""
    return Answer("told", text, data or {})


def screened(screen: Screen, data: JsonMapping | None = None) -> Answer:
    """The same, of lines and tables."""
    return Answer("told", str(screen), data or {}, screen=screen)
