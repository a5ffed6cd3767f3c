"""Tests that stand in the program's own files: Rust's ``#[cfg(test)]`` modules, and the lines that name one
which stands in a file of its own.

A second run sees the program of one version with the tests of another, so the two are taken apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEST_MODULE = re.compile(
    r"^[ \t]*(?:#\[[^\]\n]{1,300}\]\s{0,20}){0,5}#\[cfg\((?:test|all\(test\b[^\]\n]{0,200}\))\)\]\s{0,20}"
    r"(?:#\[[^\]\n]{1,300}\]\s{0,20}){0,5}(?:pub(?:\([a-z]{1,10}\))? )?mod \w{1,100} ?[{;]",
    re.MULTILINE,
)
# What is not closed goes to the end, so that nothing is looked through twice.
_TOKEN = re.compile(
    r"//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?|r(#{1,8})\"(?:[^\"]|\"(?!\1))*(?:\"\1)?|r\"[^\"]*\"?"
    r"|\"(?:\\.|[^\"\\])*\"?|'(?:\\.[^']{0,10}|[^'\\])'|[{}]",
    re.DOTALL,
)


def has_inline_tests(path: str, text: str) -> bool:
    return path.endswith(".rs") and _TEST_MODULE.search(text) is not None


def with_tests_of(program: str, tests: str) -> str:
    """The program of one version of a file under the test modules of another."""
    parts = [text for text, is_test in _taken_apart(program) if not is_test]
    modules = [text for text, is_test in _taken_apart(tests) if is_test]
    return "".join(parts).rstrip("\n") + "\n" + "".join(f"\n{module.strip()}\n" for module in modules)


def tests_in(text: str) -> str:
    """The test modules alone."""
    return "".join(part for part, is_test in _taken_apart(text) if is_test)


def program_in(text: str) -> str:
    """The file without its test modules."""
    return "".join(part for part, is_test in _taken_apart(text) if not is_test)


def _taken_apart(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for found in _TEST_MODULE.finditer(text):
        if found.start() < start:
            continue
        end = found.end() if text[found.end() - 1] == ";" else _closing(text, found.end())
        yield text[start : found.start()], False
        yield text[found.start() : end], True
        start = end
    yield text[start:], False


def _closing(text: str, start: int) -> int:
    """Behind the brace that closes the one before ``start``; the end of the text where none does."""
    depth = 1
    for token in _TOKEN.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(text)
