"""A text cut into the phrases that name something, each with what binds it to the rest.

There is no grammar here, only tables of words: a phrase is a run of words between two that bind phrases
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batch_implement.planning.vocabulary import (
    ARTICLES,
    FOUNDATIONS,
    FUNCTION_WORDS,
    KEYWORD_PARTICLES,
    KEYWORDS,
    table,
)
from batch_implement.planning.words import WordKind

if TYPE_CHECKING:
    from batch_implement.planning.words import Word

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
_PRONOUNS = table("it they we you he she i")
_LISTING = frozenset({",", "and", "or", "&"})
_NAMES = frozenset({WordKind.NAME, WordKind.GENERIC})


class Phrase(NamedTuple):
    """A run of words: ``[start:end]`` of a feature's tokens."""

    names: tuple[str, ...]
    """Stems of the words that name something."""
    intro: str
    """The keyword or other word that binds it to what is before it; ``event`` in "After login, …"."""
    definite: bool
    distinctive: tuple[str, ...]
    action: str
    """Stem of the verb it is the object of, where there is one in the middle of the text."""
    participles: tuple[str, ...]
    """Stems of what has been done to it: "the cleaned dump"."""
    pure: bool
    """Names the thing itself, not a view, a form or another part of it."""
    sort: str
    """Stem of the last word where that only says of what sort the thing is: "server", "page"."""
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
        self._in_code = False
        self._code: set[int] = set()
        self._action = ""
        self._every = False

    def walk(self, naming: list[bool], opens: bool) -> None:
        start = -1
        for at, names in enumerate(naming):
            if self._tokens[at] == "`":
                self._in_code = not self._in_code
            elif names and self._in_code:
                self._code.add(at)
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
        words = self._words[start:end]
        names, pure = _names(words[:_LONGEST], [at in self._code for at in range(start, end)][:_LONGEST])
        self.phrases.append(
            Phrase(
                names=names,
                intro="event" if self._event else self._intro,
                definite=self._definite,
                distinctive=tuple(word.stem for word in words if word.distinctive),
                action=self._action,
                participles=tuple(word.stem for word in words if word.participle),
                pure=pure,
                sort=words[-1].stem if words[-1].kind == WordKind.GENERIC else "",
                every=self._every,
                start=start,
                end=end,
                since=self._intro_at if self._intro_at >= 0 else start,
            )
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


def _names(words: list[Word], code: list[bool]) -> tuple[tuple[str, ...], bool]:
    """What a run of words names, without the words at its end that say of what sort it is."""
    kept = [
        (word, quoted)
        for word, quoted in zip(words, code, strict=True)
        if quoted or word.kind in _NAMES or (len(word.lower) == 1 and word.lower.isalnum())
    ]
    last = len(kept)
    while last and kept[last - 1][0].kind == WordKind.GENERIC and not kept[last - 1][1]:
        last -= 1
    if not last and len(kept) > 1:
        last = len(kept) - 1
    if kept and len(kept[-1][0].lower) == 1:
        # "Feature B" is B
        return (kept[-1][0].stem,), True
    pure = last == len(kept) or kept[-1][0].lower in FOUNDATIONS
    return tuple(word.stem for word, _ in kept[:last]), pure
