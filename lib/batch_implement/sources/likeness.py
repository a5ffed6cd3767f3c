"""Features that read almost the same: the same words but for capitals, articles and a full stop."""

from __future__ import annotations

from collections.abc import Sequence

from batch_implement.system.text.shortening import shorten

_ARTICLES = frozenset({"a", "an", "the"})
# Within a word these make a difference ("C++", "--all"); around one they don't.
_AROUND = ".,;:!?\"'“”`*_"
_NAMED = 3
_SHOWN = 60


def near_duplicates(texts: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each of the first few groups; numbers from 1."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, text in enumerate(texts):
        groups.setdefault(_essence(text), []).append(index)
    alike = [group for words, group in groups.items() if words and len(group) > 1]
    more = [f"{len(alike) - _NAMED} more groups read almost the same."] if len(alike) > _NAMED else []
    return (*(_said(group, texts) for group in alike[:_NAMED]), *more)


def _essence(text: str) -> tuple[str, ...]:
    words = (word.strip(_AROUND) for word in text.casefold().split())
    return tuple(word for word in words if word and word not in _ARTICLES)


def _said(group: Sequence[int], texts: Sequence[str]) -> str:
    numbers = [str(index + 1) for index in group]
    shown = ", ".join(f"“{shorten(texts[index], _SHOWN)}”" for index in group[:_NAMED])
    return (
        f"Features {', '.join(numbers[:-1])} and {numbers[-1]} read almost the same ({shown}); each is done. "
        "Strike out what is there twice."
    )
