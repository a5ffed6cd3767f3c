"""Comments by which a line is kept from a linter, a type checker or the count of what is covered."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = (
    r"noqa\b|type: ?ignore|pyright: ?ignore|mypy: ?(?:ignore|allow|disable)|pylint: ?(?:disable|skip)"
    r"|(?:ruff|flake8): ?noqa|pragma: ?no ?(?:cover|branch|mutate)|nosec\b|pyre-(?:ignore|fixme)|ty: ?ignore"
    r"|isort: ?skip|eslint-disable|@ts-(?:ignore|expect-error|nocheck)|biome-ignore|stylelint-disable"
    r"|(?:istanbul|c8|v8|node:coverage) ?(?:ignore|disable)|tslint:disable|oxlint-disable|nolint\b"
    r"|lint:(?:file-)?ignore|rubocop: ?(?:disable|todo)|:nocov:|phpcs: ?(?:ignore|disable)|@phpstan-ignore"
    r"|@psalm-suppress|NOLINT|NOSONAR|swiftlint:disable|LCOV_EXCL|credo:disable|coverage: ?ignore"
    r"|shellcheck disable"
)
_WORD = re.compile(_WORDS)
_MARK = re.compile(r"#|//|--")
_OTHER = re.compile(
    rf"/\*{{1,3}}[ \t]{{0,9}}(?:{_WORDS})(?:[^*]|\*(?!/)){{0,1000}}\*/"
    r"|#!?\[(?:allow|expect)\([^\]]{1,300}\)\]|@SuppressWarnings\([^)\n]{1,300}\)"
)
# So far behind its comment's mark a word still belongs to it, where another mark or a blank is before it.
_FARTHEST = 200


def new_suppressions(before: str, after: str) -> tuple[str, ...]:
    """The suppressions that a file has now and did not have, one for each time."""
    known = Counter(_plain(before[start:end]) for start, end in _places(before))
    new = Counter(_plain(after[start:end]) for start, end in _places(after)) - known
    return tuple(new.elements())


def without_new(before: str, after: str) -> str:
    """The file without the suppressions that it did not have before; its lines keep their numbers."""
    left = Counter(_plain(before[start:end]) for start, end in _places(before))
    parts, behind = [], 0
    for start, end in _places(after):
        found = after[start:end]
        parts.append(after[behind:start])
        plain = _plain(found)
        if left[plain] > 0:
            left[plain] -= 1
            parts.append(found)
        else:
            parts.append("\n" * found.count("\n"))
        behind = end
    return "".join((*parts, after[behind:]))


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends: a comment from its mark to the end of its line, or another form."""
    at, behind = 0, 0
    for line in text.splitlines(keepends=True):
        start = _begin_of_comment(line)
        if start is not None and at + start >= behind:
            yield from _others(text, behind, at + start)
            behind = at + len(line.rstrip("\r\n"))
            yield at + start, behind
        at += len(line)
    yield from _others(text, behind, len(text))


def _others(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((found.start(), found.end()) for found in _OTHER.finditer(text, start, end))


def _begin_of_comment(line: str) -> int | None:
    """Where the comment with a suppression begins, the blanks before it with it."""
    for word in _WORD.finditer(line):
        for mark in _MARK.finditer(line, 0, word.start()):
            between = line[mark.end() : word.start()]
            if len(between) <= _FARTHEST and (between in {"", " "} or between[-1] in "#/ "):
                return len(line[: mark.start()].rstrip(" \t"))
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())
