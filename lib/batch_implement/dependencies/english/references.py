"""Which feature a phrase of another one speaks of.

An inverted index from what features make to the features: the work is linear in the text, and no two features
are compared. A phrase speaks of a feature when it names it whole ("the *login* page" for "Login"), takes up
two words together or a specific one ("the *cleaned* dump" for "Clean the dump"), or names the end of it
("the queue" for "Redis job queue").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from batch_implement.dependencies.english.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.phrases import Phrase

Names = tuple[str, ...]
_Owners = dict[Names, list[int]]
# Longer names are looked up by their first words; a phrase of twenty words is no name.
_LONGEST = 5
_FEW = 3
# A key that no two names can have, for what was done to something.
_DONE = ""
# Verbs that say nothing of what comes into being, or whose object was there before.
_SILENT = frozenset({"plain", "passes"})
_PLACES = frozenset({"from", "in", "on", "of"})


class Match(NamedTuple):
    """A phrase speaks of ``feature``, in ``size`` words; ``fit`` is 1 where it names all of it."""

    feature: int
    fit: float
    size: int = 1


class NameIndex:
    """What the features of a batch make, by name."""

    def __init__(self, features: Sequence[FeatureWords]) -> None:
        # Of what more features share than this, it does not matter how many more: it points at none of them.
        self._few = max(_FEW, len(features) // 10)
        self._made: _Owners = defaultdict(list)
        self._worked_on: _Owners = defaultdict(list)
        self._ends: _Owners = defaultdict(list)
        self._starts: _Owners = defaultdict(list)
        self._parts: _Owners = defaultdict(list)
        self._first: dict[Names, int] = {}
        self._called: dict[Names, int] = {}
        self._spread: Counter[str] = Counter()
        for index, feature in enumerate(features):
            for key in _first_mentions(feature):
                self._first.setdefault(key, index)
            if feature.about == "reference":
                self._add_names(index, feature)
            self._spread.update({name for phrase in feature.phrases for name in phrase.names})
        # A word of every feature, the project's name, tells none of them from another.
        self._common = {name for name, count in self._spread.items() if count == len(features) >= 4}

    def _note(self, index: _Owners, key: Names, feature: int) -> None:
        owners = index[key]
        if len(owners) <= self._few and feature not in owners[-1:]:
            owners.append(feature)

    def _add_names(self, index: int, feature: FeatureWords) -> None:
        if feature.verb and feature.opening.isdisjoint(_SILENT):
            self._note(self._worked_on, (feature.verb,), index)
        for phrase in feature.mentions:
            if phrase.names and self._comes_into_being(phrase):
                self._note(self._worked_on, phrase.names, index)
                self._note_ends(phrase.names, index)
        for subject in feature.subjects:
            if subject.names:
                self._add_subject(index, feature, subject)

    def _comes_into_being(self, phrase: Phrase) -> bool:
        # "speakers submit proposals", where nobody spoke of proposals before
        fresh = bool(phrase.action) and not phrase.definite and phrase.names[-1] not in self._spread
        return fresh or phrase.intro == "produces"

    def _add_subject(self, index: int, feature: FeatureWords, subject: Phrase) -> None:
        names = subject.names
        fresh = names[-1] not in self._spread
        for name in names:
            self._note(self._parts, (name,), index)
        if feature.makes:
            self._called.setdefault(_spoken(feature, subject), index)
            self._note(self._made, names, index)
        elif fresh and "passes" not in feature.opening:
            self._note(self._worked_on, names, index)
        if (feature.makes or fresh) and not subject.participles:
            self._note_ends(names, index)
            for at in range(1, len(names) if subject.doer else 0):
                self._note(self._starts, names[:at], index)

    def _note_ends(self, names: Names, feature: int) -> None:
        for at in range(1, len(names)):
            self._note(self._ends, names[at:], feature)

    def called(self, feature: FeatureWords, phrase: Phrase, reader: int) -> list[Match]:
        """The first feature that makes what is called by these very words, however many others have them."""
        owner = self._called.get(_spoken(feature, phrase), reader)
        return [Match(owner, 1.0, phrase.end - phrase.start)] if owner != reader else []

    def whole(self, names: Names, reader: int) -> list[Match]:
        """Features all of whose name is in ``names``; a longer name hides the shorter ones."""
        for length in range(min(len(names), _LONGEST), 0, -1):
            found = []
            for start in range(len(names) - length + 1):
                owner = self._owner(names[start : start + length], reader)
                if owner is not None and (length > 1 or names[start] not in self._common):
                    found.append(Match(owner, 1.0, length))
            if found:
                return found
        return []

    def _owner(self, names: Names, reader: int) -> int | None:
        """Who makes it, or else who worked on it first, if that is before ``reader``."""
        makers = self._made.get(names)
        if makers:
            return makers[0] if reader not in makers else None
        workers = self._worked_on.get(names)
        return workers[0] if workers and workers[0] < reader else None

    def named_as_action(self, subject: Phrase, reader: int) -> list[Match]:
        """The feature that does what the last word of ``subject`` is called: "Scheduled transfers"."""
        workers = self._worked_on.get(subject.names[-1:], [reader])
        return [Match(workers[0], 0.8)] if workers[0] < reader else []

    def taken_up(self, phrase: Phrase, reader: int) -> list[Match]:
        """The feature that first put two of the words together, or named the one that can't be mistaken."""
        keys = [*_specific(phrase), *[(_DONE, name) for name in phrase.participles]]
        firsts = {self._first.get(key, reader) for key in keys} - {reader} if keys else ()
        return [Match(first, 0.7) for first in sorted(firsts) if first < reader]

    def end_of(self, names: Names, reader: int) -> list[Match]:
        """The feature before ``reader`` whose name ends with ``names``, if there is only one."""
        return self._only(self._ends, names, reader, 0.8)

    def start_of(self, names: Names, reader: int) -> list[Match]:
        """The same for the beginning of a name: "the schema" for "Schema introspection"."""
        return self._only(self._starts, names, reader, 0.6)

    def _only(self, index: _Owners, names: Names, reader: int, fit: float) -> list[Match]:
        owners = [owner for owner in index.get(names, ()) if owner < reader]
        if len(owners) != 1 or (len(names) == 1 and (names[0] in self._common or _is_ambient(names[0]))):
            return []
        return [Match(owners[0], fit)]

    def partly(self, names: Names, reader: int) -> list[Match]:
        """The feature that shares most with ``names``, if few share anything."""
        shares: Counter[int] = Counter()
        for name in dict.fromkeys(names):
            owners = self._parts.get((name,), ())
            if len(owners) <= self._few and name not in self._common:
                shares.update(owner for owner in owners if owner != reader)
        best = max(shares.values(), default=0)
        chosen = [index for index, share in shares.items() if share == best]
        return [Match(min(chosen), 0.6)] if 1 <= len(chosen) <= 2 else []

    def customary(self, subject: Phrase, reader: int) -> list[Match]:
        """What the trade builds before such a thing, where the batch has it."""
        found: set[int] = set()
        customs = vocabulary().meanings["customary"]
        for custom in (customs[name] for name in subject.names if name in customs):
            for wanted in custom.split(", "):
                makers = set.intersection(*(set(self._parts.get((name,), ())) for name in wanted.split()))
                found |= makers if len(makers) <= _FEW else set()
        return [Match(owner, 1.0) for owner in sorted(found - {reader})]


def _spoken(feature: FeatureWords, phrase: Phrase) -> Names:
    return tuple(token.lower() for token in feature.tokens[phrase.start : phrase.end])


def _is_ambient(name: str) -> bool:
    return "ambient" in vocabulary().groups.get(name, ())


def _first_mentions(feature: FeatureWords) -> Iterator[Names]:
    for subject in feature.subjects:
        yield from _specific(subject)
    for phrase in feature.mentions:
        # "from the raw schema": it was there before the first feature that speaks of it
        if not phrase.definite or phrase.intro not in _PLACES:
            yield from _specific(phrase)
    if feature.verb and feature.subjects and feature.subjects[0].names:
        yield _pair(feature.verb, feature.subjects[0].names[-1])
    for subject in feature.subjects:
        for name in subject.names[-1:]:
            yield (_DONE, name)


def _specific(phrase: Phrase) -> Iterator[Names]:
    names = phrase.names
    for first, second in pairwise(names):
        yield _pair(first, second)
    if phrase.action and names:
        yield _pair(phrase.action, names[-1])
    for name in phrase.distinctive:
        yield (name,)


def _pair(first: str, second: str) -> Names:
    return (first, second) if first < second else (second, first)
