"""What a feature's text says: what it makes, and what it only mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.dependencies.english.openings import naming_words
from batch_implement.dependencies.english.phrases import KEYWORD_NAMES, STOPS, Binder
from batch_implement.dependencies.english.verbs import MAKING_VERBS, MODALS
from batch_implement.dependencies.english.vocabulary import table
from batch_implement.dependencies.english.words import Lexicon, WordKind, tokenize

if TYPE_CHECKING:
    from batch_implement.dependencies.english.phrases import Phrase
    from batch_implement.dependencies.english.words import Word

_ISSUE_TITLE = re.compile(r"\A\s{0,9}(?:issue\s{1,9})?#\d{1,9}\s{0,9}[:.)-]", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"\A\s{0,9}(?:as an? [^,.]{1,60}, ?)?(?:i|we|users?|please|you) ?(?:should |would )?"
    r"(?:want|need|like|must|can|be able)?(?: to)? ",
    re.IGNORECASE,
)
_CONTINUES = table("for of that which to from with in on - : and")


@dataclass(frozen=True)
class FeatureWords:
    """A text taken apart.

    ``subjects`` are the phrases that name what the feature makes or works on, ``mentions`` all the others.
    """

    tokens: tuple[str, ...]
    subjects: tuple[Phrase, ...]
    mentions: tuple[Phrase, ...]
    files: tuple[str, ...]
    verb: str
    makes: bool
    checks: bool
    documents: bool
    issues: tuple[tuple[str, int], ...]
    """Issue numbers after a keyword, with the keyword."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return (*self.subjects, *self.mentions)

    def ends_clause(self, phrase: Phrase) -> bool:
        return phrase.end >= len(self.tokens) or self.tokens[phrase.end] in STOPS

    def words(self, start: int, end: int) -> str:
        return " ".join(self.tokens[start:end])


class Reader:
    """Takes texts apart."""

    def __init__(self) -> None:
        self._lexicon = Lexicon()

    def read(self, text: str) -> FeatureWords:
        tokens = tokenize(_LEAD_IN.sub("", _ISSUE_TITLE.sub("", text, count=1), count=1))
        words = self._lexicon.words(tokens)
        naming, opens = naming_words(tokens, words)
        binder = Binder(tokens, words)
        binder.walk(naming, opens)
        phrases = binder.phrases
        making = opens and words[0].lower in MAKING_VERBS
        subjects = _subjects(phrases, works=opens and not making)
        return FeatureWords(
            tokens=tuple(tokens),
            subjects=tuple(subjects),
            mentions=tuple(phrases[len(subjects) :]),
            files=tuple(dict.fromkeys(word.lower for word in words if word.is_file)),
            verb=words[0].stem if opens else "",
            makes=making or not (opens or _demands(words, subjects)),
            checks=_opens_with(WordKind.CHECK, words, subjects),
            documents=_opens_with(WordKind.DOCUMENT, words, subjects),
            issues=tuple(binder.issues),
        )


def _subjects(phrases: list[Phrase], *, works: bool) -> list[Phrase]:
    """The phrases that name what a feature is about: the first, what is joined to it, and, where the first
    only says of what sort it is, the next."""
    if not phrases or phrases[0].intro in KEYWORD_NAMES or phrases[0].intro == "event":
        return []
    subjects = [phrases[0]]
    for phrase in phrases[1:]:
        joined = phrase.intro in {"and", "&"} and phrase.start - subjects[-1].end <= 2
        vague = (
            not works
            and not any(subject.names for subject in subjects)
            and (phrase.intro in _CONTINUES or phrase.action)
        )
        if not joined and not vague:
            break
        subjects.append(phrase)
    return subjects


def _demands(words: list[Word], subjects: list[Phrase]) -> bool:
    """ "Only admins may …" asks something of what is there."""
    end = subjects[-1].end if subjects else 0
    return end < len(words) and words[end].lower in MODALS


def _opens_with(kind: WordKind, words: list[Word], subjects: list[Phrase]) -> bool:
    if words and words[0].kind == kind:
        return True
    return bool(subjects) and any(word.kind == kind for word in words[subjects[0].start : subjects[0].end])
