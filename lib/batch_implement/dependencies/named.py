"""Which feature somebody means who names it in a mark: looked for harder than what is only mentioned."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from batch_implement.dependencies.english.feature_words import read
from batch_implement.dependencies.english.words import known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from batch_implement.dependencies.english.feature_words import FeatureWords
    from batch_implement.dependencies.english.references import NameIndex


class NamedFeatures:
    """Finds the features of a batch by a name somebody wrote down."""

    def __init__(self, features: Sequence[FeatureWords], names: NameIndex) -> None:
        self.size = len(features)
        self._features = features
        self._names = names

    def by(self, target: str, reader: int) -> list[int]:
        """The other features meant by ``target`` in a mark of ``reader``; none where no text has the words.

        First the only one that says in its subject all that the target says ("the login page", where there is
        a login endpoint too), then what a mention would speak of, then the first that has the words at all.
        """
        named = read(target)
        words = _stems(named.tokens)
        makers = _having(self._made, words) - {reader}
        if len(makers) == 1:
            return list(makers)
        for phrase in named.phrases:
            names = phrase.names
            for look in (self._names.whole, self._names.end_of, self._names.start_of, self._names.partly):
                matches = look(names, reader)
                if matches:
                    return [match.feature for match in matches]
        return sorted(makers or _having(self._said, words) - {reader})[:1]

    @cached_property
    def _made(self) -> Mapping[str, set[int]]:
        """Stems of the words that name what features make or work on."""
        return _index(
            [token for subject in feature.subjects for token in feature.tokens[subject.start : subject.end]]
            for feature in self._features
        )

    @cached_property
    def _said(self) -> Mapping[str, set[int]]:
        """The same of all words, and of each two that stand together: "log in" is "login"."""
        return _index(
            (*feature.tokens, *map("".join, pairwise(feature.tokens))) for feature in self._features
        )


def _stems(tokens: Iterable[str]) -> set[str]:
    words = (known(token) for token in tokens)
    return {word.stem for word in words if word.kind != "function" or word.lower[0].isdecimal()}


def _index(texts: Iterable[Iterable[str]]) -> Mapping[str, set[int]]:
    index: defaultdict[str, set[int]] = defaultdict(set)
    for feature, tokens in enumerate(texts):
        for stem in _stems(tokens):
            index[stem].add(feature)
    return index


def _having(index: Mapping[str, set[int]], stems: Collection[str]) -> set[int]:
    """The features that have every one of the words."""
    return set.intersection(*(index.get(stem, set()) for stem in stems)) if stems else set()
