"""The tests of a source file: their names, marks and assertions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.proof.languages import Language

_MARK_BEFORE_CODE = re.compile(r"\A(?:@[\w.]{1,200}(?:\([^()]{0,500}\))?|#?\[[^\[\]]{0,500}\]) {1,100}(?=\S)")
_LINE_LIMIT = 2000  # a longer one is generated, and no test begins in it


@dataclass
class Case:
    """A test, or what else stands between two tests (``is_test`` is False). Lines are stripped."""

    name: str
    line: int
    indent: int = 0
    is_test: bool = False
    body: set[str] = field(default_factory=set)
    assertions: list[str] = field(default_factory=list)
    skips: list[tuple[int, str]] = field(default_factory=list)
    trivial: list[tuple[int, str]] = field(default_factory=list)

    def read(self, number: int, line: str, language: Language) -> None:
        """Take a line of code as this case's."""
        self.body.add(line)
        if language.skip.match(line):
            self.skips.append((number, line))
        if language.trivial.fullmatch(line):
            self.trivial.append((number, line))
        elif language.assertion.match(line):
            self.assertions.append(line)


def outline(text: str, language: Language) -> list[Case]:
    """The cases of a file in their order; the first is what stands before the first function or test."""
    cases = [Case("", 1)]
    marks = _Marks(language)
    for number, indent, whole in _code(text, language):
        line = marks.take(number, whole)
        if not line:
            continue
        name = _name_of_test(line, language, marks.lines)
        if name:
            cases.append(Case(name, number, indent, is_test=True))
        elif indent <= cases[-1].indent or not cases[-1].is_test:  # else it is part of the test
            function = language.function.match(line) if language.function is not None else None
            cases += [Case(function[1], number, indent)] if function is not None else []
        for place in [*marks.lines, (number, line)]:
            cases[-1].read(*place, language)
        marks.lines = []
    return cases


class _Marks:
    """Decorators and attributes, kept until the function that they belong to comes."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._open = 0
        self.lines: list[tuple[int, str]] = []

    def take(self, number: int, line: str) -> str:
        """The line without the marks at its beginning; ``""`` when it is nothing else."""
        if self._language.mark is None:
            return line
        if self._open > 0 and not self._language.name.match(line):
            self._keep(number, line)
            return ""
        self._open = 0
        while self._language.mark.match(line):
            first = _MARK_BEFORE_CODE.match(line)
            if first is None:
                self._keep(number, line)
                return ""
            self.lines.append((number, first[0].strip()))
            line = line[first.end() :]
        return line

    def _keep(self, number: int, line: str) -> None:
        self.lines.append((number, line))
        self._open += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))


def _name_of_test(line: str, language: Language, marks: list[tuple[int, str]]) -> str:
    found = language.name.match(line)
    marked = language.test_mark is None or any(language.test_mark.match(mark) for _, mark in marks)
    return next((group for group in found.groups() if group), "") if found is not None and marked else ""


def _code(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Number, indentation and stripped text of the lines that are code.

    Comments and text blocks are left out where they begin a line.
    """
    closer = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if closer:
            closer = "" if closer in line else closer
            continue
        block = next((pair for pair in language.blocks if line.startswith(pair[0])), None)
        if block is not None:
            closer = "" if block[1] in line[len(block[0]) :] else block[1]
        elif line.startswith("//go:build") or _is_code(line, language):
            yield number, len(raw) - len(raw.lstrip()), line


def _is_code(line: str, language: Language) -> bool:
    return 0 < len(line) <= _LINE_LIMIT and not line.startswith(language.comments)
