"""Whether a message tells of something that is wrong, with no sign of anything that could pass.

What no rule knows is tried once more; a linter's finding or an unheard-of exception needs no second try.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from batch_implement.system.text.tables import blocks_beside

_COULD, _LITTLE = blocks_beside(__file__)
_COULD_PASS = re.compile("|".join(_COULD), re.IGNORECASE)
_SAYS_LITTLE = frozenset(" ".join(_LITTLE).split())
_ENOUGH_WORDS = 3

_OF_PROGRAMS = frozenset({"check", "git", "gh", "report"})
_OF_A_MODEL = ("I ", "I'", "We ")  # it says what it did, and rarely what is wrong

_NAMED_ERROR = re.compile(
    r"^(?:(?:[\w.-]{1,40}:? )?[\w.:]{0,200}(?:Error|Exception|Violation)\b|E\b"
    r"|(?:[\w-]{1,20}: )?(?i:fatal|error|failed)\b|(?i:unable|cannot)\b)[^\w\n]{1,6}\w.{0,200}\w \S"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,40}")


def names_what_is_wrong(lines: Sequence[str], source: str) -> bool:
    plain = [line for line in lines if not _COULD_PASS.search(line)]
    if any(_NAMED_ERROR.match(line) for line in plain):
        return True
    return source in _OF_PROGRAMS and len(plain) == len(lines) and any(_is_told(line) for line in plain)


def _is_told(line: str) -> bool:
    if line.startswith(_OF_A_MODEL):
        return False
    words = {word.lower() for word in _WORD.findall(line)} - _SAYS_LITTLE
    return len(words) >= _ENOUGH_WORDS
