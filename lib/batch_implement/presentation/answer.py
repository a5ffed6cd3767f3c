"""An answer as it leaves the program: text for who called, and data for a program that asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping, JsonObject

    Kind = Literal["assigned", "waiting", "stopped", "ended", "told", "refused"]


@dataclass(frozen=True)
class Answer:
    """``kind`` says what it is: ``assigned``, there is a feature to work on; ``waiting``, the same call is to
    be made again; ``ended``, with the report; ``stopped``, until a person acts; ``told``, nothing is to be
    done; ``refused``, nothing was done.

    ``status`` is the exit status of a command that has one of its own for this answer.
    ``shown`` is what a person sees beside ``text`` where that is for Claude.
    """

    kind: Kind
    text: str
    data: JsonMapping = field(default_factory=dict)
    shown: str = ""
    status: int = 0

    def to_json(self) -> JsonObject:
        summary = {"summary": self.shown} if self.shown else {}
        return {"kind": self.kind, "text": self.text, **summary, **self.data}


def told(text: str, data: JsonMapping | None = None) -> Answer:
    """For a person, after which nothing is to be done."""
    return Answer("told", text, data or {})
