"""The old and new lines that have to do with a test."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from batch_implement.proof.second_look.plan import Touched

_WORDS = re.compile(r"\w+")
_MOST = 40
_LONGEST = 300
_AROUND = 1
_LARGEST = 400_000


def difference(name: str, files: Collection[str], touched: Iterable[Touched]) -> tuple[str, ...]:
    """Lines that begin with ``-`` or ``+`` behind one that names their file; those of the test, where they
    can be told from the others, which are given else."""
    lines: list[str] = []
    for file in touched:
        if file.path in files:
            hunks = list(_hunks(file.before or "", file.after or ""))
            own = [hunk for hunk in hunks if _is_about(name, hunk, file)]
            changed = [line for hunk in own or hunks for line in hunk[1]]
            if changed:
                lines += [file.path, *changed]
    return tuple(line[:_LONGEST] for line in lines[:_MOST])


def _hunks(before: str, after: str) -> Iterator[tuple[range, list[str]]]:
    """The changed lines in groups, each with the place of it in the old file."""
    if len(before) + len(after) > _LARGEST:
        yield range(0), ["- (too long to compare)"]
        return
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        lines: list[str] = []
        for tag, old_start, old_end, new_start, new_end in group:
            if tag != "equal":
                lines += [f"- {line}" for line in old[old_start:old_end]]
                lines += [f"+ {line}" for line in new[new_start:new_end]]
        yield range(group[0][1], group[-1][2]), lines


def _is_about(name: str, hunk: tuple[range, list[str]], file: Touched) -> bool:
    """Whether the lines name the test, or stand behind the line that does and before one like it."""
    words = _WORDS.findall(name)
    if not words:
        return False
    word = re.compile(rf"\b{re.escape(words[-1])}\b")
    place, lines = hunk
    if any(word.search(line) for line in lines):
        return True
    old = (file.before or "").splitlines()
    for number in range(min(place.stop, len(old)) - 1, -1, -1):
        line = old[number]
        if word.search(line):
            return True
        begins = line[:1].strip() not in {"", "}", ")", "]", "#", "@"}
        if begins and number < place.start:
            return False
    return False
