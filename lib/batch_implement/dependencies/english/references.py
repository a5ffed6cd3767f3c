"""Which feature a phrase of another one speaks of.

An inverted index from what features make to the features: the work is linear in the text, and no two features
are compared. A phrase speaks of a feature when it names it whole ("the *login* page" for "Login"), takes up
two words together or a specific one ("the *cleaned* dump" for "Clean the dump"), or names the end of it
("the queue" for "Redis job queue").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from batch_implement.dependencies.english.stems import stem
from batch_implement.dependencies.english.verbs import COMMON_NOUNS, PASSING_VERBS, PLAIN_MAKING, PRODUCING
from batch_implement.dependencies.english.vocabulary import AMBIENT, CUSTOMARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.phrases import Phrase

Names = tuple[str, ...]
Key = TypeVar("Key", str, Names)
# Longer names are looked up by their first words; a phrase of twenty words is no name.
_LONGEST = 5
_FEW = 3
# A key that no two names can have, for what was done to something.
_DONE = ""
_PLACES = frozenset({"from", "in", "on", "of"})
_AMBIENT = frozenset(stem(word) for word in AMBIENT)
_PASSING = frozenset(stem(word) for word in PASSING_VERBS)
_SILENT = _PASSING | {stem(word) for word in PLAIN_MAKING | COMMON_NOUNS}


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
        self._made: dict[Names, list[int]] = defaultdict(list)
        self._worked_on: dict[Names, list[int]] = defaultdict(list)
        self._ends: dict[Names, list[int]] = defaultdict(list)
        self._starts: dict[Names, list[int]] = defaultdict(list)
        self._parts: dict[str, list[int]] = defaultdict(list)
        self._sorts: dict[str, list[int]] = defaultdict(list)
        self._first: dict[Names, int] = {}
        self._files: dict[str, int] = {}
        self._pure: set[int] = set()
        self._distinctive: set[str] = set()
        self._seen: set[str] = set()
        self._work: list[tuple[str, Names]] = []
        self._heads: list[set[str]] = []
        spread: Counter[str] = Counter()
        for index, feature in enumerate(features):
            spread.update({name for phrase in feature.phrases for name in phrase.names})
            self._add(index, feature)
        # A word of every feature, the project's name, tells none of them from another.
        self._common = {name for name, count in spread.items() if count == len(features) >= 4}

    def _note(self, index: dict[Key, list[int]], key: Key, feature: int) -> None:
        owners = index[key]
        if len(owners) < self._few + 1:
            owners.append(feature)

    def _add(self, index: int, feature: FeatureWords) -> None:
        subjects = [subject for subject in feature.subjects if subject.names]
        self._heads.append({subject.names[-1] for subject in subjects})
        self._work.append((feature.verb, subjects[0].names if subjects else ()))
        for file in feature.files:
            self._files.setdefault(file, index)
        for key in _first_mentions(feature):
            self._first.setdefault(key, index)
        if not (feature.checks or feature.documents):
            self._add_names(index, feature, subjects)
        for phrase in feature.phrases:
            self._seen.update(phrase.names)

    def _add_names(self, index: int, feature: FeatureWords, subjects: list[Phrase]) -> None:
        if feature.verb and feature.verb not in _SILENT:
            self._note(self._worked_on, (feature.verb,), index)
            self._note(self._parts, feature.verb, index)
        for phrase in feature.mentions:
            if phrase.names and self._comes_into_being(phrase):
                self._add_product(index, phrase.names)
        for subject in feature.subjects:
            if subject.naming.sort:
                self._note(self._sorts, subject.naming.sort, index)
        for subject in subjects:
            self._add_subject(index, feature, subject)

    def _comes_into_being(self, phrase: Phrase) -> bool:
        if phrase.intro in PRODUCING:
            return True
        # "speakers submit proposals", where nobody spoke of proposals before
        return bool(phrase.action) and not phrase.definite and phrase.names[-1] not in self._seen

    def _add_product(self, index: int, names: Names) -> None:
        self._note(self._worked_on, names, index)
        for at in range(1, len(names)):
            self._note(self._ends, names[at:], index)
        for name in names:
            self._parts.setdefault(name, [])

    def _add_subject(self, index: int, feature: FeatureWords, subject: Phrase) -> None:
        names = subject.names
        self._distinctive.update(subject.naming.distinctive)
        if subject.naming.pure:
            self._pure.add(index)
        single = len(names) == 1
        fresh = names[-1] not in self._seen if single else self._first[_pair(*names[-2:])] == index
        if feature.makes:
            self._note(self._made, names, index)
        elif feature.verb and feature.verb not in _PASSING and fresh:
            self._note(self._worked_on, names, index)
        for name in dict.fromkeys(names):
            self._note(self._parts, name, index)
        if (feature.makes or fresh) and not subject.naming.participles:
            for at in range(1, len(names)):
                self._note(self._ends, names[at:], index)
                if subject.naming.agent:
                    self._note(self._starts, names[:at], index)

    def knows(self, names: Names) -> bool:
        """Whether any feature makes, or works on, something with one of these words in its name."""
        return not self._parts.keys().isdisjoint(names)

    def whole(self, phrase: Phrase, reader: int) -> list[Match]:
        """Features all of whose name is in the phrase; a longer name hides the shorter ones in it."""
        names = phrase.names
        covered: set[int] = set()
        found = []
        for length in range(min(len(names), _LONGEST), 0, -1):
            for start in range(len(names) - length + 1):
                run = names[start : start + length]
                span = range(start, start + length)
                if covered.issuperset(span) or (length == 1 and run[0] in self._common):
                    continue
                # A word that only tells more about another ("image bucket") speaks of a thing that is
                # made, not of one that some feature works on.
                qualifies = length == 1 and start + 1 < len(names)
                owners = self._owners(run, reader, every=phrase.every, made=qualifies)
                if owners:
                    covered.update(span)
                    found += [Match(owner, 1.0, length) for owner in owners]
        return found

    def namesakes(self, subject: Phrase, reader: int) -> list[Match]:
        """The feature of the same name, where ``reader`` makes a page or a test of the thing itself."""
        names = subject.names
        if names and reader in self._made.get(names, ()):
            return [Match(owner, 1.0, len(names)) for owner in self._owners(names, reader, every=False)]
        return []

    def named_as_action(self, subject: Phrase, reader: int) -> list[Match]:
        """The feature that does what the last word of ``subject`` is called: "Scheduled transfers"."""
        earlier = [owner for owner in self._worked_on.get(subject.names[-1:], ()) if owner < reader]
        return [Match(earlier[0], 0.8)] if earlier else []

    def _owners(self, names: Names, reader: int, *, every: bool, made: bool = False) -> list[int]:
        makers = self._made.get(names, [])
        if reader in makers:
            # Of two that are named alike, a page or a test of it builds on the thing itself.
            known = reader not in self._pure or names[-1] in self._distinctive
            builds = makers[0] < reader and makers[0] in self._pure and known
            return [makers[0]] if builds else []
        if makers:
            return [maker for maker in makers if maker < reader] if every else [makers[0]]
        if made:
            return []
        earlier = [index for index in self._worked_on.get(names, ()) if index < reader]
        return earlier if every else earlier[:1]

    def taken_up(self, phrase: Phrase, reader: int) -> list[Match]:
        """The feature that first put two of the words together, or named the one that can't be mistaken."""
        done = [(_DONE, name) for name in phrase.naming.participles]
        firsts = {self._first.get(key, reader) for key in (*_specific(phrase), *done)}
        return [Match(first, 0.7) for first in sorted(firsts) if first < reader]

    def end_of(self, names: Names, reader: int, *, every: bool = False) -> list[Match]:
        """The feature whose name ends with ``names``, if only one does, or only one before ``reader``."""
        return self._only(self._ends, names, reader, 0.8, every=every)

    def start_of(self, names: Names, reader: int) -> list[Match]:
        """The same for the beginning of a name: "the schema" for "Schema introspection"."""
        return self._only(self._starts, names, reader, 0.6)

    def _only(
        self, index: dict[Names, list[int]], names: Names, reader: int, fit: float, *, every: bool = False
    ) -> list[Match]:
        if not names or (len(names) == 1 and (names[0] in self._common or names[0] in _AMBIENT)):
            return []
        owners = [owner for owner in index.get(names, ()) if owner != reader]
        if len(owners) > 1:
            owners = [owner for owner in owners if owner < reader]
        return [Match(owner, fit) for owner in owners] if every or len(owners) == 1 else []

    def sort_of(self, sort: str, reader: int) -> list[Match]:
        """The only feature before ``reader`` that makes a thing of this sort: "the decorator"."""
        owners = {owner for owner in self._sorts.get(sort, ()) if owner < reader}
        return [Match(owners.pop(), 0.6)] if len(owners) == 1 else []

    def partly(self, names: Names, reader: int) -> list[Match]:
        """The feature that shares most with ``names``, if few share anything."""
        shares: Counter[int] = Counter()
        for name in dict.fromkeys(names):
            owners = self._parts.get(name, ())
            if len(owners) <= self._few and name not in self._common:
                shares.update(set(owners) - {reader})
        if not shares:
            return []
        best = max(shares.values())
        chosen = [index for index, share in shares.items() if share == best]
        chosen = [index for index in chosen if names[-1] in self._heads[index]] or chosen
        return [Match(min(chosen), 0.6)] if len(chosen) <= 2 else []

    def named(self, phrases: Sequence[Phrase], reader: int) -> list[int]:
        """The features somebody means who writes these words into a mark."""
        for phrase in phrases:
            matches = (
                self.whole(phrase, reader)
                or self.end_of(phrase.names, reader)
                or self.start_of(phrase.names, reader)
                or self.partly(phrase.names, reader)
            )
            if matches:
                return [match.feature for match in matches]
        return []

    def sharing_file(self, feature: FeatureWords, reader: int) -> list[tuple[int, str]]:
        """For each file of ``feature``, the first feature that speaks of it, if that is an earlier one."""
        first = ((self._files[file], file) for file in feature.files)
        return [(owner, file) for owner, file in first if owner < reader]

    def customary(self, subject: Phrase, reader: int) -> list[Match]:
        """What the trade builds before such a thing, where the batch has it."""
        found: set[int] = set()
        for wanted in (names for name in subject.names for names in CUSTOMARY.get(name, ())):
            makers = set.intersection(*(set(self._parts.get(name, ())) for name in wanted))
            if len(makers) <= _FEW:
                found |= makers - {reader}
        return [Match(owner, 1.0) for owner in sorted(found)]

    def same_work(self, one: int, other: int) -> bool:
        """Whether the two do the same to the same, as "Compile queries for A" and "… for B" do."""
        return bool(self._work[one][0]) and self._work[one] == self._work[other]


def _first_mentions(feature: FeatureWords) -> Iterator[Names]:
    for subject in feature.subjects:
        yield from _specific(subject)
    for phrase in feature.mentions:
        # "from the raw schema": it was there before the first feature that speaks of it
        if not phrase.definite or phrase.intro not in _PLACES:
            yield from _specific(phrase)
    subjects = [subject.names for subject in feature.subjects if subject.names]
    if subjects and feature.verb:
        yield _pair(feature.verb, subjects[0][0])
        yield _pair(feature.verb, subjects[0][-1])
    if feature.verb and feature.verb not in _SILENT:
        yield (_DONE, feature.verb)
    for names in subjects:
        yield (_DONE, names[-1])


def _specific(phrase: Phrase) -> Iterator[Names]:
    names = phrase.names
    for first, second in pairwise(names):
        yield _pair(first, second)
    if phrase.action and names:
        yield _pair(phrase.action, names[-1])
    for name in phrase.naming.distinctive:
        yield (name,)


def _pair(first: str, second: str) -> Names:
    return (first, second) if first < second else (second, first)
