"""What one line of Markdown is by itself, as far as its beginning says so."""

from __future__ import annotations

import re

FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)$")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_HTML = re.compile(r"</?[A-Za-z!?]")


def is_rule(stripped: str) -> bool:
    """A line across the page, or one that makes a heading of the words above it."""
    marks = "".join(stripped.split())
    return len(set(marks)) == 1 and (
        (marks[0] in "-*_" and len(marks) > 2) or (marks[0] in "=-" and marks == stripped)
    )


def kind_of(stripped: str) -> str:
    """What a line is that is no item and no sentence, as far as its beginning says so."""
    if FENCE.match(stripped):
        return "code block"
    if HEADING.match(stripped):
        return "heading"
    if stripped.startswith(">"):
        return "quotation"
    if stripped.startswith("|"):
        return "table"
    return "HTML" if _HTML.match(stripped) else ""


def from_column(line: str, column: int) -> str:
    """The line without the indentation that the item's own text has."""
    indent = len(line) - len(line.lstrip())
    return line[min(indent, column) :]
