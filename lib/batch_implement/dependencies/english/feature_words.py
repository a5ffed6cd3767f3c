"""What a feature's text says: what it makes, and what it only mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.dependencies.english.phrases import KEYWORDS, STOPS, Binder, naming_words
from batch_implement.dependencies.english.words import known, tokenize

if TYPE_CHECKING:
    from batch_implement.dependencies.english.phrases import Phrase
    from batch_implement.dependencies.english.words import Word

# "Issue #7:" and "As a user, I want to" say nothing of the feature.
_LEAD_IN = re.compile(
    r"\A(?:\s{0,9}(?:issue\s{1,9})?#\d{1,9}\s{0,9}[:.)-])?(?:\s{0,9}(?:as an? [^,.]{1,60}, ?)?"
    r"(?:i|we|users?|please|you) ?(?:should |would )?(?:want|need|like|must|can|be able)?(?: to)? )?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FeatureWords:
    """A text taken apart.

    ``subjects`` are the phrases that name what the feature makes or works on, ``mentions`` all the others.
    """

    tokens: tuple[str, ...]
    subjects: tuple[Phrase, ...]
    mentions: tuple[Phrase, ...]
    verb: str
    """Stem of the verb that opens the text."""
    opening: frozenset[str]
    """The groups of that verb."""
    makes: bool
    about: str
    """``test-of`` or ``docs-of`` where it tests or describes its subject, else ``reference``."""
    issues: tuple[tuple[str, int], ...]
    """Issue numbers after a keyword, with the keyword."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return (*self.subjects, *self.mentions)

    def ends_clause(self, phrase: Phrase) -> bool:
        return phrase.end >= len(self.tokens) or self.tokens[phrase.end] in STOPS

    def words(self, start: int, end: int) -> str:
        return " ".join(self.tokens[start:end])


def read(text: str) -> FeatureWords:
    """Take a text apart."""
    tokens = tokenize(_LEAD_IN.sub("", text, count=1))
    words = [known(token) for token in tokens]
    naming, opens = naming_words(words)
    binder = Binder(words)
    binder.walk(naming, opens)
    subjects = _subjects(binder.phrases)
    groups = words[0].groups if opens else frozenset[str]()
    return FeatureWords(
        tokens=tuple(tokens),
        subjects=tuple(subjects),
        mentions=tuple(binder.phrases[len(subjects) :]),
        verb=words[0].stem if opens else "",
        opening=groups,
        makes=not opens or "makes" in groups,
        about=_about(words, subjects),
        issues=tuple(binder.issues),
    )


def _subjects(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases that name what a feature is about: the first, and what is joined to it."""
    if not phrases or phrases[0].intro in KEYWORDS or phrases[0].intro == "event":
        return []
    subjects = [phrases[0]]
    for phrase in phrases[1:]:
        if phrase.intro not in {"and", "&"}:
            break
        subjects.append(phrase)
    return subjects


def _about(words: list[Word], subjects: list[Phrase]) -> str:
    span = words[subjects[0].start : subjects[0].end] if subjects else []
    kinds = {word.kind for word in (*words[:1], *span)}
    return "test-of" if "check" in kinds else "docs-of" if "document" in kinds else "reference"
