"""Words by themselves: what each is known for, whatever text it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from batch_implement.dependencies.english.vocabulary import vocabulary

_TOKEN = re.compile(r"#\d{1,9}|(?<!\w)--?\w[\w-]*|/[A-Za-z][\w{}:/-]*|\w[\w./+'-]*|[^\w\s]")
_FILE = re.compile(r"\w\.(?:py|md|json|ya?ml|sh|tsx?|jsx?|toml|sql|go|rs|css|html|txt|cfg|ini)\Z")
# What a word is, where it is in several groups: the first of these.
_KINDS = ("function", "check", "document", "inner", "generic", "filler")
_NO_GROUPS: frozenset[str] = frozenset()
_SHORTEST = 3
# The first that fits is taken off, so a longer one comes before its end.
_SUFFIXES = (
    *("ication", "ization", "isation", "ation", "ator", "ating", "ated", "ate"),
    *("izer", "izing", "ized", "ize", "iser", "ising", "ised", "ise"),
    *("ment", "ery", "ing", "ion", "ied", "ier", "er", "ed", "y", "e"),
)


class Word(NamedTuple):
    """What is known of a word by itself."""

    lower: str
    groups: frozenset[str]
    """Those of ``words.txt``."""
    kind: str
    """``name``, or the group that says what part it plays in a phrase."""
    stem: str
    naming: bool
    """May be part of a phrase that names something."""
    distinctive: bool
    """Looks like the name of one thing and no other: ``useMetrics``, ``fact_sales``, ``BME280``."""
    participle: bool


def is_file(word: str) -> bool:
    return _FILE.search(word) is not None


def tokenize(text: str) -> list[str]:
    """Words, paths, flags and issue numbers whole; every other sign by itself."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=20_000)
def known(token: str) -> Word:
    """What is known of a token."""
    bare = token.rstrip("./+'-{}:")
    lower = bare.lower() or token
    groups = vocabulary().groups.get(lower, _NO_GROUPS)
    kind = _kind(token, lower, groups)
    path = lower.startswith("/") or is_file(lower)
    distinctive = _is_distinctive(bare) and "ambient" not in groups
    return Word(
        lower=lower,
        groups=groups,
        kind=kind,
        stem=stem(_base_name(lower) if path else lower),
        naming=kind not in {"function", "inner"},
        distinctive=distinctive,
        participle=lower.endswith("ed") and len(lower) > 4 and not distinctive,
    )


def _kind(token: str, lower: str, groups: frozenset[str]) -> str:
    if len(token) == 1 and token.isalpha():
        # "x" is a parameter in every feature; "B" may be what a feature is called
        return "name" if token.isupper() and lower != "i" else "function"
    if not any(letter.isalpha() for letter in lower):
        return "function"
    return next((kind for kind in _KINDS if kind in groups), "name")


def _base_name(path: str) -> str:
    """The file without folder and extension; of an address, the last part that is no parameter."""
    parts = [part for part in path.split("/") if part and part[0] not in "{:"]
    return parts[-1].partition(".")[0] if parts else path


def _is_distinctive(word: str) -> bool:
    if len(word) < 3 or not word[0].isalpha():
        return False
    return any(letter.isupper() or letter.isdigit() or letter in "_." for letter in word[1:])


def stem(word: str) -> str:
    """``word``, which is in lower case, without its endings: parse, parser and parsing are one.

    It needs to bring the forms of one word together more than to keep strangers apart, because a match
    usually needs the rest of a phrase too.
    """
    word = word.removesuffix("'s")
    synonyms = vocabulary().meanings["synonym"]
    if word in synonyms or len(word) <= _SHORTEST:
        return synonyms.get(word, word)
    if not word.isalpha():
        # "fine-tuned" as "fine-tune"; an identifier or a file name stays as it is
        first, hyphen, last = word.rpartition("-")
        return f"{first}-{stem(last)}" if hyphen and last.isalpha() else word
    singular = word if _is_whole(word) else _singular(word)
    root = singular if _is_whole(singular) else _root(singular)
    return synonyms.get(root, root)


def _is_whole(word: str) -> bool:
    return "whole" in vocabulary().groups.get(word, ())


def _singular(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _root(word: str) -> str:
    for suffix in _SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest == word or len(rest) < _SHORTEST or (suffix == "y" and rest[-1] in "aeiou"):
            continue
        if len(rest) > _SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "aeiouls":
            rest = rest[:-1]
        return rest
    return word
