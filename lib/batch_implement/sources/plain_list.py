"""A plain list: one feature a line, an indented line continues the one above, ``#`` begins a comment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batch_implement.sources.list_item import BULLET, ListItem, list_item

_FENCE = re.compile(r"```|~~~")


def read_plain(lines: Sequence[str]) -> list[ListItem]:
    """Every item, those that are ticked off too."""
    entries: list[tuple[int, list[str]]] = []
    continues = False
    for number, raw in enumerate(lines, start=1):
        stripped = raw.strip()
        if not stripped:
            continues = False
        elif stripped.startswith("#") and not stripped[1:2].isdigit():
            continue  # a comment, also between the lines of one feature; "#72 …" is an issue
        elif continues and raw[0] in " \t" and not BULLET.match(stripped):
            entries[-1][1].append(stripped)
        else:
            entries.append((number, [stripped]))
            continues = True
    items = (list_item(number, " ".join(found)) for number, found in entries)
    return [item for item in items if item.says_something]


def markdown_line(lines: Sequence[str]) -> int:
    """The first line, from 1, that would be no feature were it Markdown; 0 when there is none."""
    above = ""
    for number, raw in enumerate(lines, start=1):
        stripped = raw.strip()
        if _FENCE.match(stripped):
            return number
        is_bullet = BULLET.match(stripped) is not None
        if is_bullet and raw[:1] in {" ", "\t"} and above and above[0] not in " \t":
            return number
        if not stripped:
            above = ""
        elif is_bullet:
            above = raw
    return 0
