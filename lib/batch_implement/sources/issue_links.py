"""Which issues an issue says it waits for.

Words: "depends on #72", "blocked by #73", "requires #74", "after #75", with lists ("#72, #73 and #74")
and with the references on list lines below. A task list (``- [ ] #75``) makes the issue wait for what
it lists. Code, comments of the template, quoted replies and negations say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What of a body is read. GitHub's own limit is 65,536 characters.
_READ = 70_000

_KEYWORD = re.compile(
    r"\b(?:depends on|depending on|dependent on|depend on|blocked by|blocked on|requires|require|required:"
    r"|waits for|waiting for|waiting on|needs|after|prerequisites?:|dependencies:|dependency:)",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|doesn't|don't|isn't|without|nothing)(?: (?:be|is|longer|really|yet))?$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:issues? )?(?:(?P<prefix>https?://[^\s/]{1,100}/[\w.-]{1,100}/[\w.-]{1,100}/issues/"
    r"|[\w.-]{1,100}/[\w.-]{1,100}#|#|GH-))(?P<number>[1-9][0-9]{0,9})(?![\w-])",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*(?:-->)?")
_SEPARATOR = re.compile(r" ?(?:, ?and |, ?& ?|, ?|& ?|and |or |\+ ?)")
_TASK = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)]) \[[ xX]\] ")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)]) (?:\[[ xX]\] )?")
_DECORATION = str.maketrans("", "", "*_`#")


def linked_issues(body: str, repository: str) -> tuple[int, ...]:
    """The numbers, in the order they stand there, of issues of ``repository`` (``owner/name``).

    References to another repository are left out.
    """
    found: dict[int, None] = {}
    heading = False
    for line in _lines(body[:_READ]):
        bullet = _BULLET.match(line)
        task = _TASK.match(line)
        start = (task or bullet).end() if task or (heading and bullet) else None  # type: ignore[union-attr]
        if start is not None:
            found.update(dict.fromkeys(_references(line, start, repository)))
        for keyword in _KEYWORD.finditer(line):
            if not _NEGATED.search(line[max(0, keyword.start() - 30) : keyword.start()].rstrip()):
                found.update(dict.fromkeys(_references(line, keyword.end(), repository)))
        heading = _announces(line) or (heading and (bool(bullet) or not line))
    return tuple(found)


def _lines(body: str) -> Iterator[str]:
    """The author's own words line by line, with single spaces and without emphasis."""
    fence = ""
    for raw in _COMMENT.sub("", body).splitlines():
        line = " ".join(raw.split())
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif line.startswith(("```", "~~~")):
            fence = line[:3]
        elif not line.startswith(">"):
            yield line.replace("**", "").replace("__", "").replace("\u2019", "'")


def _announces(line: str) -> bool:
    """Whether a line holds nothing but a keyword, so that the list below it is meant."""
    words = line.translate(_DECORATION).strip()
    keyword = _KEYWORD.match(words if words.endswith(":") else words + ":")
    return keyword is not None and not words[keyword.end() :].strip(" :")


def _references(line: str, position: int, repository: str) -> Iterator[int]:
    """The numbers in a list of references that begins at ``position``."""
    while line[position : position + 1] in {" ", ":"}:
        position += 1
    while match := _REFERENCE.match(line, position):
        if _is_ours(match["prefix"], repository):
            yield int(match["number"])
        separator = _SEPARATOR.match(line, match.end())
        if separator is None:
            return
        position = separator.end()


def _is_ours(prefix: str, repository: str) -> bool:
    if prefix == "#" or prefix.upper() == "GH-":
        return True
    if "://" in prefix:
        owner, name = prefix.split("/")[3:5]
        return f"{owner}/{name}".casefold() == repository.casefold()
    return prefix.removesuffix("#").casefold() == repository.casefold()
