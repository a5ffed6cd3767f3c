"""What a worker's last message says to the engine: lines that its work order asks for by these words."""

from __future__ import annotations

import re

from batch_implement.system.text.cleaning import clean_block, one_line

_NEEDS_PERSON = re.compile(
    r"^[\s>*_-]{0,10}needs a person[*_]{0,3}\s?[:\u2013\u2014-](.+)$", re.IGNORECASE | re.MULTILINE
)
_LONGEST = 500


def needed_person(text: str) -> str:
    """What a person has to do because it can't be done from here, in one line; ``""`` for nothing."""
    match = _NEEDS_PERSON.search(clean_block(text))
    return one_line(match[1].strip(" *_"), _LONGEST) if match else ""
