"""Words by themselves: what each is known for, whatever text it stands in."""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from batch_implement.dependencies.english.stems import stem
from batch_implement.dependencies.english.verbs import ENDING_VERBS
from batch_implement.dependencies.english.vocabulary import (
    AMBIENT,
    CHECK_WORDS,
    DOCUMENT_WORDS,
    FILLERS,
    FUNCTION_WORDS,
    GENERIC_NOUNS,
)

_TOKEN = re.compile(r"#\d{1,9}|--\w[\w-]*|/[A-Za-z][\w{}:/-]*|\w[\w./+'-]*|[^\w\s]")
_FILE = re.compile(r"\w\.(?:py|md|json|ya?ml|sh|tsx?|jsx?|toml|sql|go|rs|css|html|txt|cfg|ini)\Z")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_SUFFIX = re.compile(r"-(?:based|backed|aware|like|only|style|bound|driven|compatible|ready)\Z")


class WordKind(enum.IntEnum):
    """What part a word plays in finding out what a feature makes and what it refers to."""

    # Up to GENERIC the words of a phrase count, see phrases.
    NAME = 0
    GENERIC = 1
    FUNCTION = 2
    VERB = 3
    CHECK = 4
    DOCUMENT = 5
    FILLER = 6


_KINDS = (
    (WordKind.FUNCTION, FUNCTION_WORDS),
    (WordKind.CHECK, CHECK_WORDS),
    (WordKind.DOCUMENT, DOCUMENT_WORDS),
    (WordKind.VERB, ENDING_VERBS),
    (WordKind.GENERIC, GENERIC_NOUNS),
    (WordKind.FILLER, FILLERS),
)


class Word(NamedTuple):
    """What is known of a word by itself, once per analysis however often it occurs."""

    lower: str
    kind: int
    stem: str
    naming: bool
    distinctive: bool
    """Looks like the name of one thing and no other: ``useMetrics``, ``fact_sales``, ``BME280``."""
    is_file: bool
    participle: bool
    describes: bool
    """After a noun it is a verb: "page listing", "table partitioned"."""


class Lexicon:
    """Knows words; each is looked at once, however often it occurs."""

    def __init__(self) -> None:
        self._known: dict[str, Word] = {}

    def words(self, tokens: list[str]) -> list[Word]:
        """What is known of each token."""
        known = self._known
        return [known.get(token) or self._learn(token) for token in tokens]

    def _learn(self, token: str) -> Word:
        word = self._known[token] = _classify(token)
        return word


def tokenize(text: str) -> list[str]:
    """Words, paths, flags and issue numbers whole; every other sign by itself."""
    return _TOKEN.findall(text)


def _classify(token: str) -> Word:
    bare = token.rstrip("./+'-{}:")
    lower = bare.lower()
    kind = WordKind.FILLER if token in _METHODS else _kind(lower)
    if len(token) == 1 and token.islower():
        kind = WordKind.FUNCTION  # "x" is a parameter in every feature; "B" may be what a feature is called
    is_file = _FILE.search(lower) is not None
    is_path = lower.startswith("/")
    return Word(
        lower=lower or token,
        kind=int(kind),
        stem=stem(_base_name(lower) if is_file or is_path else _SUFFIX.sub("", lower)),
        naming=kind not in (WordKind.FUNCTION, WordKind.VERB),
        distinctive=_is_distinctive(bare, lower),
        is_file=is_file,
        participle=bare.endswith("ed")
        and not _SUFFIX.search(lower)
        and len(lower) > 4
        and not _is_distinctive(bare, lower),
        describes=lower.endswith(("ing", "ed")) and len(lower) > 4,
    )


def _base_name(path: str) -> str:
    """The file without folder and extension; of an address, the last part that is no parameter."""
    parts = [part for part in path.split("/") if part and part[0] not in "{:"]
    return parts[-1].partition(".")[0] if parts else path


def _kind(lower: str) -> WordKind:
    if not lower[:1].isalpha() and not any(letter.isalpha() for letter in lower):
        return WordKind.FUNCTION
    for kind, words in _KINDS:
        if lower in words:
            return kind
    return WordKind.NAME


def _is_distinctive(word: str, lower: str) -> bool:
    if lower in AMBIENT or len(word) < 3 or not word[0].isalpha():
        return False
    inner_capital = any(letter.isupper() for letter in word[1:])
    return inner_capital or "_" in word or "." in word or any(letter.isdigit() for letter in word)
