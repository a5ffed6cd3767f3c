"""One item of a list, as people write them: its bullet or number, its box, its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from batch_implement.system.text.cleaning import one_line

BULLET = re.compile(r"(?:[-*+•]|\d{1,6}[.)])(?:[ \t]+|$)")
_BOX = re.compile(r"\[([ xX])\](?:[ \t]+|$)")


@dataclass(frozen=True)
class ListItem:
    """``line`` is where it begins, from 1; ``body`` is what stands below it and belongs to it."""

    line: int
    text: str
    is_ticked: bool = False
    body: str = ""
    phase: str = ""

    @property
    def says_something(self) -> bool:
        """A rule or an underlined heading has no letter and no digit, and is nothing to implement."""
        return any(map(str.isalnum, self.text))


def list_item(line: int, written: str, *, body: str = "", phase: str = "") -> ListItem:
    """``written`` is the item with its bullet and its box, if it has them."""
    text = written
    if bullet := BULLET.match(text):
        text = text[bullet.end() :]
    box = _BOX.match(text)
    if box:
        text = text[box.end() :]
    ticked = bool(box and box[1] in "xX")
    return ListItem(line, one_line(text, len(text) + 1), ticked, body, phase)
