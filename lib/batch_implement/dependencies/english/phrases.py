"""A text cut into the phrases that name something, each with what binds it to the rest.

There is no grammar here, only tables of words: a phrase is a run of words between two that bind phrases
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batch_implement.dependencies.english.vocabulary import (
    ARTICLES,
    FOUNDATIONS,
    FUNCTION_WORDS,
    KEYWORD_PARTICLES,
    KEYWORDS,
    table,
)
from batch_implement.dependencies.english.words import WordKind

if TYPE_CHECKING:
    from batch_implement.dependencies.english.words import Word

KEYWORD_NAMES = frozenset(KEYWORDS.values())
STOPS = frozenset({".", ";", ":", "(", ")"})
# Words of a phrase that are looked at: nobody names a thing in more.
_LONGEST = 12
_EVENTS = frozenset({"after", "before"})
_NEUTRAL = table(
    """
    a an some any all each every both two three four five ten most more own same last first other ` " *
    """
)
_AGENTS = ("er", "or", "ers", "ors", "ing", "ion", "ions")
_PRONOUNS = table("it they we you he she i")
_LISTING = frozenset({",", "and", "or", "&"})
# Plain numbers: comparing with a member of an enumeration takes three times as long.
NAME, GENERIC = int(WordKind.NAME), int(WordKind.GENERIC)


class Naming(NamedTuple):
    """What a run of words says by itself."""

    names: tuple[str, ...]
    """Stems of the words that name something."""
    pure: bool
    """Names the thing itself, not a view, a form or another part of it."""
    sort: str
    """Stem of the last word where that only says of what sort the thing is: "server", "page"."""
    participles: tuple[str, ...]
    """Stems of what has been done to it: "the cleaned dump"."""
    distinctive: tuple[str, ...]
    """Those of the names that can't be mistaken for anything else."""
    agent: bool
    """The last name is what does something to the others: "mood tracker", "schema introspection"."""


class Phrase(NamedTuple):
    """A run of words, ``[start:end]`` of a feature's tokens, and what binds it to the rest."""

    names: tuple[str, ...]
    """Those of ``naming``."""
    naming: Naming
    intro: str
    """The keyword or other word that binds it to what is before it; ``event`` in "After login, …"."""
    definite: bool
    action: str
    """Stem of the verb it is the object of, where there is one in the middle of the text."""
    every: bool
    """Several are meant: "both parsers"."""
    start: int
    end: int
    since: int
    """Where the words that bind it begin."""


class Binder:
    """Walks over a text and gives each run of naming words what binds it to the one before."""

    def __init__(self, tokens: list[str], words: list[Word]) -> None:
        self._tokens = tokens
        self._words = words
        self.phrases: list[Phrase] = []
        self.issues: list[tuple[str, int]] = []
        self._intro = ""
        self._intro_at = -1
        self._listed = ""
        self._definite = False
        self._event = False
        self._action = ""
        self._every = False

    def walk(self, naming: list[bool], opens: bool) -> None:
        start = -1
        for at, names in enumerate(naming):
            if names:
                if start < 0:
                    start = at
                continue
            if start >= 0:
                self._phrase(start, at)
                start = -1
            if at or not opens:
                self._bind(at)
        if start >= 0:
            self._phrase(start, len(naming))

    def _phrase(self, start: int, end: int) -> None:
        since = self._intro_at if self._intro_at >= 0 else start
        intro = "event" if self._event else self._intro
        naming = _naming(self._words[start : min(end, start + _LONGEST)])
        self.phrases.append(
            Phrase(naming.names, naming, intro, self._definite, self._action, self._every, start, end, since)
        )
        self._listed = self._intro if self._intro in KEYWORD_NAMES else ""
        self._intro, self._intro_at, self._definite, self._action = "", -1, False, ""
        self._every = False

    def _bind(self, at: int) -> None:
        token, lower = self._tokens[at], self._words[at].lower
        if token[0] == "#" and len(token) > 1:
            self._issue(token)
        elif lower in ARTICLES:
            self._definite = True
        elif lower in KEYWORDS:
            self._key(at, lower)
        elif lower == "by" and self._intro in {"requires", "needs"}:
            self._intro = "before"
        elif lower in KEYWORD_PARTICLES and self._intro in KEYWORD_NAMES:
            pass
        elif lower in _NEUTRAL:
            self._every = self._every or lower in {"both", "all"}
        elif token in _LISTING:
            self._event = self._event and lower != ","
            self._intro, self._intro_at = self._listed or token, at if self._listed else -1
        else:
            self._event = self._event and token not in STOPS
            self._intro, self._intro_at, self._definite, self._listed = lower, at, False, ""
            self._action = "" if lower in FUNCTION_WORDS else self._words[at].stem

    def _key(self, at: int, lower: str) -> None:
        self._intro, self._intro_at, self._definite = KEYWORDS[lower], at, False
        opens = at == 0 or self._tokens[at - 1] in STOPS
        self._event = (
            self._event or (lower in _EVENTS and opens) or (lower == "before" and self._acts(at + 1))
        )

    def _acts(self, at: int) -> bool:
        """Whether somebody does something here, rather than a thing being named."""
        lower = self._words[at].lower if at < len(self._words) else ""
        return lower.endswith("ing") or lower in _PRONOUNS

    def _issue(self, token: str) -> None:
        keyword = self._intro or self._listed
        if keyword in KEYWORD_NAMES:
            self.issues.append((keyword, int(token[1:])))
            self._listed = keyword


def _naming(words: list[Word]) -> Naming:
    if len(words) == 1 and words[0].kind == NAME:
        word = words[0]
        stems = (word.stem,)
        return Naming(
            stems, True, "", stems if word.participle else (), stems if word.distinctive else (), False
        )
    names, pure = _names(words)
    agent = len(names) > 1 and any(word.stem == names[-1] and word.lower.endswith(_AGENTS) for word in words)
    return Naming(
        names,
        pure,
        words[-1].stem if words[-1].kind == GENERIC else "",
        tuple([word.stem for word in words if word.participle]),
        tuple([word.stem for word in words if word.distinctive]),
        agent,
    )


def _names(words: list[Word]) -> tuple[tuple[str, ...], bool]:
    """The names in a run of words, without what at its end only says of what sort the thing is."""
    kept = [word for word in words if word.kind <= GENERIC or (len(word.lower) == 1 and word.lower.isalnum())]
    if kept and len(kept[-1].lower) == 1:
        # "Feature B" is B
        return (kept[-1].stem,), True
    last = len(kept)
    while last and kept[last - 1].kind == GENERIC:
        last -= 1
    if not last and len(kept) > 1:
        last = len(kept) - 1
    pure = last == len(kept) or kept[-1].lower in FOUNDATIONS
    return tuple([word.stem for word in kept[:last]]), pure
