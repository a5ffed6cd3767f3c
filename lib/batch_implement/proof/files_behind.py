"""The files that a check command runs or takes its settings from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import program_of
from batch_implement.proof.results.wrappers import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTERPRETER = re.compile(r"(?:ba|da|z|k)?sh|python[\d.]*|pypy[\d.]*|node|deno|bun|tsx|ts-node|ruby|perl|php")
_OF_SETTINGS = re.compile(
    r"-[cfr]|--(?:config|configuration|rcfile|settings|file|makefile|require|import|project|setup\w*|[a-z-]+-file)"
)


def files_behind(check_command: str) -> set[str]:
    """Its programs, scripts and files of settings; what they are let loose on is not among them."""
    found: set[str] = set()
    for part in re.split(r"[;&|]+", check_command):
        words = unwrapped(tuple(word for word in re.split(r"[\s'\"()]+", part) if word))
        if words:
            found |= {words[0], *_script(words), *_settings(words)}
    return {word.removeprefix("./") for word in found}


def _script(words: tuple[str, ...]) -> tuple[str, ...]:
    """What an interpreter is given to run."""
    if not _INTERPRETER.fullmatch(program_of(words)):
        return ()
    return tuple(word for word in words[1:] if not word.startswith("-"))[:1]


def _settings(words: tuple[str, ...]) -> Iterator[str]:
    for option, value in zip(words, (*words[1:], ""), strict=True):
        name, _, given = option.partition("=")
        if _OF_SETTINGS.fullmatch(name) and (given or value):
            yield given or value
