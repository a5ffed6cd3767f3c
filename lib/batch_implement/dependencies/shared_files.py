"""Features that name the same file of the project: they keep the order given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.dependency import Dependency
from batch_implement.dependencies.english.words import is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONFIDENCE = 0.7


def file_dependencies(texts: Sequence[Sequence[str]]) -> Iterator[Dependency]:
    """For each file in a text, cut into tokens, the first feature that names it, if that comes before."""
    first: dict[str, int] = {}
    for index, tokens in enumerate(texts):
        for token in dict.fromkeys(token.rstrip(".").lower() for token in tokens if "." in token):
            if is_file(token) and first.setdefault(token, index) < index:
                yield Dependency(index, first[token], "file", token, _CONFIDENCE)
