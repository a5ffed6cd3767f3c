"""A text cut into the phrases that name something, each with what binds it to the rest.

There is no grammar here, only groups of words: a phrase is a run of words between two that bind phrases
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batch_implement.dependencies.english.vocabulary import vocabulary

if TYPE_CHECKING:
    from batch_implement.dependencies.english.words import Word

STOPS = frozenset({".", ";", ":", "(", ")"})
# What a keyword is called, where nothing can be bound but what it needs; ``before`` turns round.
KEYWORDS = frozenset({"requires", "needs", "depends on", "builds on", "uses", "after", "before"})
# Words of a phrase that are looked at: nobody names a thing in more.
_LONGEST = 12
_LISTING = frozenset({",", "and", "or", "&"})
_DOERS = ("er", "or", "ers", "ors", "ing", "ion", "ions")
_VERBS = frozenset({"opens", "inner"})


class Phrase(NamedTuple):
    """A run of words, ``[start:end]`` of a feature's tokens, and what binds it to the rest."""

    names: tuple[str, ...]
    """Stems of the words that name something."""
    participles: tuple[str, ...]
    """Stems of what has been done to it: "the cleaned dump"."""
    distinctive: tuple[str, ...]
    """Those of the names that can't be mistaken for anything else."""
    doer: bool
    """The last name is what does something to the others: "mood tracker", "schema introspection"."""
    intro: str
    """The keyword or other word that binds it to what is before it; ``event`` in "After login, …"."""
    definite: bool
    action: str
    """Stem of the verb it is the object of, where there is one in the middle of the text."""
    start: int
    end: int
    since: int
    """Where the words that bind it begin."""


class Binder:
    """Walks over a text and gives each run of naming words what binds it to the one before."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._keywords = vocabulary().meanings["keyword"]
        self.phrases: list[Phrase] = []
        self.issues: list[tuple[str, int]] = []
        self._listed = ""
        self._event = False
        self._begin("", -1)

    def walk(self, naming: list[bool], opens: bool) -> None:
        start = -1
        for at, names in enumerate((*naming, False)):
            if names:
                start = at if start < 0 else start
                continue
            if start >= 0:
                self._phrase(start, at)
                start = -1
            if (at or not opens) and at < len(naming):
                self._bind(at, self._words[at])

    def _begin(self, intro: str, at: int, action: str = "", *, definite: bool = False) -> None:
        self._intro, self._intro_at, self._action, self._definite = intro, at, action, definite

    def _phrase(self, start: int, end: int) -> None:
        words = self._words[start : min(end, start + _LONGEST)]
        names = _names(words)
        doer = len(names) > 1 and any(w.stem == names[-1] and w.lower.endswith(_DOERS) for w in words)
        participles = tuple([word.stem for word in words if word.participle])
        distinctive = tuple([word.stem for word in words if word.distinctive])
        intro = "event" if self._event else self._intro
        since = self._intro_at if self._intro_at >= 0 else start
        self.phrases.append(
            Phrase(
                names, participles, distinctive, doer, intro, self._definite, self._action, start, end, since
            )
        )
        self._listed = self._intro if self._intro in KEYWORDS else ""
        self._begin("", -1)

    def _bind(self, at: int, word: Word) -> None:
        lower, groups = word.lower, word.groups
        self._event = self._event and lower != "," and lower not in STOPS
        if lower[0] == "#" and len(lower) > 1:
            keyword = self._intro or self._listed
            if keyword in KEYWORDS:
                self.issues.append((keyword, int(lower[1:])))
                self._listed = keyword
        elif "definite" in groups:
            self._definite = True
        elif "keyword" in groups:
            self._key(at, lower)
        elif lower == "by" and self._intro in {"requires", "needs"}:
            self._intro = "before"
        elif "neutral" in groups or ("particle" in groups and self._intro in KEYWORDS):
            pass
        elif lower in _LISTING:
            self._intro, self._intro_at = self._listed or lower, at if self._listed else -1
        else:
            self._listed = ""
            role = next((group for group in ("excluding", "produces") if group in groups), lower)
            self._begin(role, at, "" if "function" in groups else word.stem)

    def _key(self, at: int, lower: str) -> None:
        self._begin(self._keywords[lower], at, self._action)
        opens = at == 0 or self._words[at - 1].lower in STOPS
        told = opens and lower in {"after", "before"}
        following = self._words[at + 1 : at + 2] if lower == "before" else ()
        # somebody does something there, rather than a thing being named
        acts = any(word.lower.endswith("ing") or "pronoun" in word.groups for word in following)
        self._event = self._event or told or acts


def naming_words(words: list[Word]) -> tuple[list[bool], bool]:
    """Which words are part of a phrase, and whether the first word is a verb that opens the text.

    English tells them apart by place: "Cache the pages" begins with a verb and "Cache decorator" does not. In
    ``words``, whatever is quoted as code becomes a name.
    """
    naming = [word.naming for word in words]
    opens = _is_verb(0, words)
    if opens or (len(words) > 1 and words[0].lower == "a"):
        naming[0] = False
    in_code = False
    for at, word in enumerate(words):
        if word.lower == "`":
            in_code = not in_code
            # "`add` command" is one phrase
            naming[at] = not in_code and naming[at - 1] and at + 1 < len(words) and words[at + 1].naming
        elif in_code:
            naming[at] = word.lower[-1].isalnum()
            if naming[at]:
                words[at] = word._replace(kind="name")
        elif (word.lower in STOPS or "verb-follows" in word.groups) and _is_verb(at + 1, words):
            naming[at + 1] = False
        elif at and words[at - 1].kind == "generic" and word.lower.endswith(("ing", "ed")):
            naming[at] = False  # "page listing orders": what describes a noun is not part of its name
    return naming, opens


def _is_verb(at: int, words: list[Word]) -> bool:
    if at >= len(words):
        return False
    word, following = words[at], words[at + 1] if at + 1 < len(words) else None
    if "noun" in word.groups:
        return following is not None and _is_object(at + 1, words)
    known = not word.groups.isdisjoint(_VERBS)
    return known or (word.naming and following is not None and "article" in following.groups)


def _is_object(at: int, words: list[Word]) -> bool:
    """ "Cache parsed commits" works on something in the plural; "Cache decorator" names a thing."""
    if "article" in words[at].groups or words[at].lower == "`":
        return True
    while at + 1 < len(words) and words[at + 1].naming:
        at += 1
    return words[at].naming and words[at].lower.endswith("s")


def _names(words: list[Word]) -> tuple[str, ...]:
    """The names in a run of words, without what at its end only says of what sort the thing is."""
    kept = [word for word in words if word.kind in {"name", "generic"}]
    last = len(kept)
    while last and kept[last - 1].kind == "generic":
        last -= 1
    if not last and len(kept) > 1:
        last = len(kept) - 1
    return tuple([word.stem for word in kept[:last]])
