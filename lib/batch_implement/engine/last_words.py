"""What a worker's last message says to the engine: lines that its work order asks for by these words."""

from __future__ import annotations

import re

from batch_implement.proof.second_look.claims import Named
from batch_implement.system.text.cleaning import clean_block, one_line

_NEEDS_PERSON = re.compile(
    r"^[\s>*_-]{0,10}needs a person[*_]{0,3}\s?[:\u2013\u2014-](.+)$", re.IGNORECASE | re.MULTILINE
)
_CHANGED = re.compile(
    r"^[\s>*_`-]{0,10}changed[*_]{0,3}:[*_]{0,3} ?(\S.{0,400}?): (\S.{0,500})$", re.IGNORECASE | re.MULTILINE
)
_LONGEST = 500
_MOST = 50


def needed_person(text: str) -> str:
    """What a person has to do because it can't be done from here, in one line; ``""`` for nothing."""
    match = _NEEDS_PERSON.search(clean_block(text))
    return one_line(match[1].strip(" *_"), _LONGEST) if match else ""


def named_changes(text: str) -> tuple[Named, ...]:
    """The tests that the worker says its feature contradicts, with the reasons."""
    found = _CHANGED.findall(clean_block(text))[:_MOST]
    return tuple(Named(one_line(what.strip("` "), _LONGEST), one_line(why, _LONGEST)) for what, why in found)
