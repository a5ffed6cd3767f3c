"""Finds every compiled pattern of the package, and what in one could take more than linear time.

Read from the parsed pattern, so that the answer is the same on every machine. A repeat is called long
when it may go on for more than a thousand characters; what is shorter only costs a constant factor.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

import batch_implement

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as sre
    import sre_parse

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 1000
_ALPHABET = [chr(code) for code in range(0x250)] + ["\u2028", "\u276f", "\ud800"]
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
_ZERO_WIDTH = {sre.AT, sre.ASSERT, sre.ASSERT_NOT}


def all_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each pattern once, under the name of the module and variable that holds it."""
    seen = set()
    for module in pkgutil.walk_packages(batch_implement.__path__, "batch_implement."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in _within(value):
                if (pattern.pattern, pattern.flags) not in seen and isinstance(pattern.pattern, str):
                    seen.add((pattern.pattern, pattern.flags))
                    yield f"{module.name.removeprefix('batch_implement.')}.{name}", pattern


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        yield from _within(tuple(value.values()))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        made_later = [name for name, what in vars(type(value)).items() if isinstance(what, cached_property)]
        for name in [*(field.name for field in dataclasses.fields(value)), *made_later]:
            yield from _within(getattr(value, name))


def dangers(pattern: str, flags: int = 0) -> list[str]:
    """Why the pattern may take more than linear time; nothing when it can't."""
    tree = sre_parse.parse(pattern, flags & ~re.UNICODE)
    return sorted(set(_Analysis(flags).sequence(list(tree), guarded=False)))


class _Analysis:
    def __init__(self, flags: int) -> None:
        self.flags = flags

    def sequence(self, nodes: list[Any], *, guarded: bool) -> Iterator[str]:
        """``guarded``: the place where this can begin is fixed by what stands before it."""
        before: list[set[str]] = []
        for index, (operation, value) in enumerate(nodes):
            if operation in _REPEATS:
                low, high, body = value
                if high > LONG:
                    yield from self._long_repeat(list(body), nodes[index + 1 :], before, guarded=guarded)
                elif high > 1:
                    yield from self._short_repeat(list(body))
                yield from self.sequence(list(body), guarded=True)
                if low == 0:
                    continue
            for inner in _inner(operation, value):
                yield from self.sequence(inner, guarded=guarded or bool(before))
            if operation is sre.AT or (operation is sre.ASSERT_NOT and value[0] < 0):
                guarded = True
            elif operation not in _ZERO_WIDTH:
                before.append(self.characters([(operation, value)]))

    def _long_repeat(
        self, body: list[Any], after: list[Any], before: list[set[str]], *, guarded: bool
    ) -> Iterator[str]:
        mine = self.characters(body)
        if any(_repeats(body)):
            yield "a repeat within a long repeat"
        required = False
        for operation, value in after:
            if operation in _ZERO_WIDTH:
                required = True
                continue
            theirs = self.characters([(operation, value)])
            optional = operation in _REPEATS and value[0] == 0
            if operation in _REPEATS and value[1] > LONG and mine & theirs:
                yield "two long repeats that match the same characters"
            required = required or not optional
            if not optional and not mine & theirs:
                break
        if required and not guarded and all(prefix & mine for prefix in before):
            yield "a long repeat that is tried again from each of its characters"

    def _short_repeat(self, body: list[Any]) -> Iterator[str]:
        for index, (operation, value) in enumerate(body):
            if operation in _REPEATS and value[1] > LONG:
                rest = [one for one in body[index + 1 :] if one[0] not in _ZERO_WIDTH]
                closed = rest and not self.characters(rest[:1]) & self.characters(list(value[2]))
                if not closed:
                    yield "a long repeat within a repeat, without anything that ends it"

    def characters(self, nodes: list[Any]) -> set[str]:
        """Those of a sample alphabet that the nodes can match in one place or another."""
        found: set[str] = set()
        for operation, value in nodes:
            if operation in {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}:
                one = re.compile(_source(operation, value), self.flags & (re.IGNORECASE | re.DOTALL))
                found |= {character for character in _ALPHABET if one.fullmatch(character)}
            elif operation in _REPEATS:
                found |= self.characters(list(value[2]))
            elif operation not in _ZERO_WIDTH:
                for inner in _inner(operation, value):
                    found |= self.characters(inner)
        return found


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _source(operation: Any, value: Any) -> str:
    if operation is sre.LITERAL:
        return re.escape(chr(value))
    if operation is sre.NOT_LITERAL:
        return f"[^{re.escape(chr(value))}]"
    if operation is sre.ANY:
        return "."
    parts = []
    for kind, item in value:
        if kind is sre.NEGATE:
            parts.append("^")
        elif kind is sre.LITERAL:
            parts.append(re.escape(chr(item)))
        elif kind is sre.RANGE:
            parts.append(f"{re.escape(chr(item[0]))}-{re.escape(chr(item[1]))}")
        else:
            parts.append(_CATEGORIES[item])
    return f"[{''.join(parts)}]"


def _inner(operation: Any, value: Any) -> list[list[Any]]:
    if operation is sre.SUBPATTERN:
        return [list(value[3])]
    if operation is sre.BRANCH:
        return [list(branch) for branch in value[1]]
    return []


def _repeats(nodes: list[Any]) -> Iterator[bool]:
    for operation, value in nodes:
        if operation in _REPEATS:
            yield value[1] > 1
            yield from _repeats(list(value[2]))
        for inner in _inner(operation, value):
            yield from _repeats(inner)
