"""The words that dependency analysis knows: ``words.txt``, read when the first analysis is made."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("words.txt")


class Vocabulary(NamedTuple):
    """``groups`` has the groups a word is in, ``meanings`` by group what its words stand for."""

    groups: Mapping[str, frozenset[str]]
    meanings: Mapping[str, Mapping[str, str]]


@cache
def vocabulary() -> Vocabulary:
    groups: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    meanings: defaultdict[str, dict[str, str]] = defaultdict(dict)
    here: frozenset[str] = frozenset()
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = frozenset(line.strip("[]").split())
        elif not line.startswith("#"):
            left, _, meaning = line.partition(" = ")
            for word in left.split():
                groups[word] |= here
                for group in here if meaning else ():
                    meanings[group][word] = meaning
    return Vocabulary(dict(groups), dict(meanings))
