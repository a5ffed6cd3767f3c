"""Dependencies that follow from the words of the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Dependency
from batch_implement.dependencies.english.phrases import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.phrases import Phrase
    from batch_implement.dependencies.english.references import Match, NameIndex

_CONFIDENCE = {
    "keyword": 0.9,
    "test-of": 0.85,
    "docs-of": 0.85,
    "reference": 0.75,
    "custom": 0.5,
}
_ABOUT_ANOTHER = frozenset({"test-of", "docs-of"})


def word_dependencies(index: int, feature: FeatureWords, names: NameIndex) -> Iterator[Dependency]:
    """What ``feature``, the one at ``index``, says of the others; the same pair may come more than once."""
    for phrase in feature.mentions:
        if phrase.intro == "before":
            yield from _before(index, feature, phrase, names)
        elif phrase.intro not in {"excluding", "event"}:
            kind = "keyword" if phrase.intro in KEYWORDS else feature.about
            for match in _referred(phrase, index, names, kind, feature):
                yield _dependency(index, match, kind, feature.words(phrase.since, phrase.end))
    for subject in feature.subjects:
        words = feature.words(subject.start, subject.end)
        builds = feature.makes and feature.about == "reference"
        matches = (
            _built_on(subject, index, names)
            if builds
            else _referred(subject, index, names, feature.about, feature)
        )
        for match in matches:
            yield _dependency(index, match, feature.about, words)
        for match in names.customary(subject, index) if builds else ():
            yield _dependency(index, match, "custom", words)


def _dependency(index: int, match: Match, kind: str, evidence: str) -> Dependency:
    return Dependency(index, match.feature, kind, evidence, round(_CONFIDENCE[kind] * match.fit, 2))


def _before(index: int, feature: FeatureWords, phrase: Phrase, names: NameIndex) -> Iterator[Dependency]:
    """ "before X" turns the arrow round, where X is a feature and nothing but its name."""
    for match in names.whole(phrase.names, index) if feature.ends_clause(phrase) else ():
        if match.size == len(phrase.names):
            words = feature.words(phrase.since, phrase.end)
            yield Dependency(match.feature, index, "keyword", words, _CONFIDENCE["keyword"])


def _referred(phrase: Phrase, index: int, names: NameIndex, kind: str, feature: FeatureWords) -> list[Match]:
    """Features that the phrase speaks of; looking harder where a keyword or a test says that there is one."""
    inferred = kind == "reference"
    if kind in _ABOUT_ANOTHER and (called := names.called(feature, phrase, index)):
        return called
    whole = [
        match
        for match in names.whole(phrase.names, index)
        # A feature further down is meant, and not just the word it is called by.
        if not inferred or match.feature < index or phrase.definite or match.size > 1
    ]
    if whole:
        return whole
    return (
        names.taken_up(phrase, index)
        or names.end_of(phrase.names, index)
        or ([] if inferred else names.partly(phrase.names, index))
        or names.start_of(phrase.names, index)
    )


def _built_on(subject: Phrase, index: int, names: NameIndex) -> list[Match]:
    """Earlier features that what is made here is a part or a view of: "page versions" for "Page".

    A kind of something is not built on it: "icon button" can come before "button".
    """
    parts = subject._replace(names=subject.names[:-1])
    return (
        [match for match in names.whole(parts.names, index) if match.feature < index]
        or names.start_of(parts.names, index)
        or names.taken_up(parts, index)
        or names.named_as_action(subject, index)
    )
