"""Dependencies that follow from the words of the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Dependency
from batch_implement.dependencies.english.vocabulary import EXCLUDING, KEYWORDS, STRONG_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.phrases import Phrase
    from batch_implement.dependencies.english.references import Match, NameIndex

_KEYWORDS = frozenset(KEYWORDS.values())
_CONFIDENCE = {
    "keyword": 0.9,
    "test-of": 0.85,
    "docs-of": 0.85,
    "reference": 0.75,
    "file": 0.7,
    "custom": 0.5,
}


def word_dependencies(index: int, feature: FeatureWords, names: NameIndex) -> Iterator[Dependency]:
    """What ``feature``, the one at ``index``, says of the others; the same pair may come more than once."""
    for phrase in feature.mentions:
        if phrase.intro == "before":
            yield from _before(index, feature, phrase, names)
        elif phrase.intro != "event" and phrase.intro not in EXCLUDING:
            kind = _kind(feature, phrase)
            for match in _referred(phrase, index, names, kind):
                yield _dependency(index, match, kind, feature.words(phrase.since, phrase.end))
    kind = "test-of" if feature.checks else "docs-of" if feature.documents else "reference"
    for subject in feature.subjects:
        if feature.makes and kind == "reference":
            matches = _built_on(feature, subject, index, names)
        else:
            matches = _referred(subject, index, names, kind)
        for match in matches:
            if not names.same_work(index, match.feature):
                yield _dependency(index, match, kind, feature.words(subject.start, subject.end))
        if feature.makes and kind == "reference":
            for match in names.customary(subject, index):
                yield _dependency(index, match, "custom", feature.words(subject.start, subject.end))
    for owner, file in names.sharing_file(feature, index):
        yield Dependency(index, owner, "file", file, _CONFIDENCE["file"])


def _dependency(index: int, match: Match, kind: str, evidence: str) -> Dependency:
    return Dependency(index, match.feature, kind, evidence, round(_CONFIDENCE[kind] * match.fit, 2))


def _kind(feature: FeatureWords, phrase: Phrase) -> str:
    if phrase.intro in _KEYWORDS:
        return "keyword"
    return "test-of" if feature.checks else "docs-of" if feature.documents else "reference"


def _before(index: int, feature: FeatureWords, phrase: Phrase, names: NameIndex) -> Iterator[Dependency]:
    """ "before X" turns the arrow round, where X is a feature and nothing but its name."""
    if feature.ends_clause(phrase):
        for match in names.whole(phrase, index):
            if match.size == len(phrase.names):
                words = feature.words(phrase.since, phrase.end)
                yield Dependency(match.feature, index, "keyword", words, _CONFIDENCE["keyword"])


def _referred(phrase: Phrase, index: int, names: NameIndex, kind: str) -> list[Match]:
    """Features that the phrase speaks of; looking harder where a keyword or a test says that there is one."""
    inferred = kind == "reference"
    if not phrase.names:
        return names.sort_of(phrase.naming.sort, index) if phrase.definite and phrase.naming.sort else []
    if not names.knows(phrase.names):
        return names.taken_up(phrase, index)
    whole = [m for m in names.whole(phrase, index) if not inferred or _is_plain(m, phrase, index)]
    taken_up = names.taken_up(phrase, index)
    if whole or (taken_up and inferred):
        return whole if any(match.size > 1 for match in whole) or not inferred else whole + taken_up
    bare = tuple(name for name in phrase.names if name not in phrase.naming.participles) or phrase.names
    ending = names.end_of(bare, index, every=phrase.every)
    if ending and (ending[0].feature < index or not inferred):
        return ending
    certain = phrase.intro in STRONG_KEYWORDS or kind in {"test-of", "docs-of"}
    partly = names.partly(phrase.names, index) if certain else []
    start = names.start_of(bare, index)
    return partly or taken_up or [match for match in start if match.feature < index]


def _is_plain(match: Match, phrase: Phrase, index: int) -> bool:
    """Whether a feature further down is meant, and not just the word it is called by."""
    if match.feature < index or phrase.definite or match.size > 1 or phrase.naming.distinctive:
        return True
    return any("-" in name for name in phrase.names)


def _built_on(feature: FeatureWords, subject: Phrase, index: int, names: NameIndex) -> list[Match]:
    """Earlier features that what is made here is a part or a view of: "page versions" for "Page".

    A kind of something is not built on it: "icon button" can come before "button".
    """
    parts = subject._replace(names=subject.names[:-1])
    found = [*names.whole(parts, index), *names.namesakes(subject, index)]
    # "export audit log" may begin with a verb
    rest = names.whole(subject._replace(names=subject.names[1:]), index)
    several = feature.tokens[subject.end - 1].endswith("s")
    found += [match for match in rest if match.size > 1 or (several and len(subject.names) == 2)]
    whole = [match for match in found if match.feature < index]
    if whole:
        return whole
    for end in range(len(parts.names), 0, -1):
        start = subject.names[:end]
        known = names.end_of(start, index) or names.start_of(start, index)
        earlier = [match for match in known if match.feature < index]
        if earlier:
            return earlier
    return names.taken_up(parts, index) or names.named_as_action(subject, index)
