"""The needs a person can write into a feature where the words say too little or the wrong thing.

    (after: 2, 5)       this one comes after the second and the fifth of the list
    (requires #72)      after the one for issue 72
    requires --lines    after the one that makes the option; without brackets too
    (requires login)    after the one that makes the login; "needs" and "depends on" are the same
    (before: login)     before the one that makes the login
    (independent)       waits for nothing, whatever its words say

Positions count from 1 in the list as given. "after" and "before" are a mark where a colon follows, or only
positions and issue numbers, and ordinary text otherwise: "(after 3 attempts)".
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(
    r"\((after|before|requires?|needs?|depends on|independent)\b((?:[^()]|\(\))*)(\)?)",
    re.IGNORECASE,
)
# Without brackets only what can be nothing else: an option of a command line.
_OPTION = re.compile(
    r"(?<!\()\b(requires?|needs|depends on)\s{1,9}(?:the\s{1,9})?`?(--[a-z][\w-]{0,60})", re.IGNORECASE
)
_SEPARATOR = re.compile(r",| and | or |&")
_TARGET = re.compile(r"#?\d{1,9}|\d{1,4}-\d{1,4}")
_ISSUE = re.compile(r"issues? #?(?=\d)", re.IGNORECASE)
_POSITION = re.compile(r"features? (?=#?\d)", re.IGNORECASE)
_EVIDENCE_LENGTH = 80
_NEARLY = re.compile(r"\(([a-z]{4,12}(?: on)?)(:?)[ \t]{0,9}([^()]{0,200})\)", re.IGNORECASE)
_WORDS = ("after", "before", "requires", "needs", "depends on", "independent")
_LIKENESS = 0.8
# English words that look like one of them.
_NO_MARKS = frozenset({"alter", "later", *_WORDS})


@dataclass(frozen=True)
class Mark:
    """One mark: ``direction`` is ``after``, ``before`` or ``independent``; ``text`` is it as it was written.

    A target is a position from 1 (``5``), several (``2-5``), an issue (``#72``) or the name of what a feature
    makes.
    """

    direction: str
    targets: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class MarkedText:
    """A feature's text taken apart: its marks, the text without them, and what is wrong with the others."""

    text: str
    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()


def read_marks(text: str) -> MarkedText:
    """Find the marks in a feature's text; never fails."""
    options = [Mark("after", (found[2],), " ".join(found[0].split())) for found in _OPTION.finditer(text)]
    if "(" not in text:
        return MarkedText(text, tuple(options))
    marks = options
    problems: list[str] = []
    rest: list[str] = []
    end = 0
    for found in _MARK.finditer(text):
        mark, problem = _read(found)
        if mark is None and not problem:
            continue
        if mark is not None:
            marks.append(mark)
        else:
            problems.append(problem)
        rest.append(text[end : found.start()])
        end = found.end()
    left = " ".join((*rest, text[end:]))
    return MarkedText(left, tuple(marks), (*problems, *_nearly_marks(left)))


def _nearly_marks(text: str) -> Iterator[str]:
    """What is wrong with brackets that hold a misspelt mark; the words stay ordinary text."""
    for found in _NEARLY.finditer(text):
        word, colon, content = found[1].lower(), found[2], found[3].strip()
        targets = _targets(content)
        stated = bool(targets) and (bool(colon) or all(map(_TARGET.fullmatch, targets)))
        close = difflib.get_close_matches(word, _WORDS, n=1, cutoff=_LIKENESS)
        if close and word not in _NO_MARKS and stated != (close[0] == "independent"):
            right = found[0].replace(found[1], close[0], 1)
            yield f"“{found[0][:_EVIDENCE_LENGTH]}” is no mark; “{right[:_EVIDENCE_LENGTH]}” would be one"


def _read(found: re.Match[str]) -> tuple[Mark | None, str]:
    """The mark, or what is wrong with it, or neither where it is ordinary text in brackets."""
    word, content, closing = found[1].lower(), found[2].strip(), found[3]
    written = found[0] if len(found[0]) <= _EVIDENCE_LENGTH else found[0][:_EVIDENCE_LENGTH] + "…"
    if word == "independent":
        if content or not closing:
            return None, ""
        return Mark("independent", (), written), ""
    colon = content.startswith(":")
    targets = _targets(content.removeprefix(":"))
    numbers = bool(targets) and all(_TARGET.fullmatch(target) for target in targets)
    if word in {"after", "before"} and not (colon or numbers):
        return None, ""
    if not closing and (colon or numbers):
        return None, f"the mark “{written}” is not closed by a bracket"
    if not targets:
        return None, f"the mark “{written}” names nothing"
    evidence = written if colon or numbers else written.strip("()")
    return Mark("before" if word == "before" else "after", targets, evidence), ""


def _targets(content: str) -> tuple[str, ...]:
    parts = (_POSITION.sub("", _ISSUE.sub("#", part.strip())) for part in _SEPARATOR.split(content))
    return tuple(dict.fromkeys(part for part in parts if part))
