"""Words cut down to what their forms have in common: parse, parser and parsing are one.

A light suffix stripper: it needs to bring the forms of one word together more than to keep strangers apart,
because a match usually needs the rest of a phrase too.
"""

from __future__ import annotations

from batch_implement.dependencies.english.vocabulary import SYNONYMS, table

_SHORTEST = 3
# The first that fits is taken off, so a longer one comes before its end.
_SUFFIXES = (
    *("ication", "ization", "isation", "ation", "ator", "ating", "ated", "ate"),
    *("izer", "izing", "ized", "ize", "iser", "ising", "ised", "ise"),
    *("ment", "ery", "ing", "ion", "ied", "ier", "er", "ed", "y", "e"),
)
_WHOLE = table(
    """
    embed speed seed feed need order number user paper string building setting station nation header footer
    letter layer player
    series session version water center server render redis kubernetes css https aws dns ios
    """
)


def stem(word: str) -> str:
    """``word``, which is in lower case, without its endings."""
    word = word.removesuffix("'s")
    if word in SYNONYMS:
        return SYNONYMS[word]
    if len(word) <= _SHORTEST:
        return word
    if not word.isalpha():
        # "fine-tuned" as "fine-tune"; an identifier or a file name stays as it is
        first, hyphen, last = word.rpartition("-")
        return f"{first}-{stem(last)}" if hyphen and last.isalpha() else word
    singular = _singular(word)
    if singular in _WHOLE:
        return singular
    root = _root(singular)
    return SYNONYMS.get(root, root)


def _singular(word: str) -> str:
    if word in _WHOLE or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes", "uses")):
        return word[:-2]
    return word[:-1]


def _root(word: str) -> str:
    for suffix in _SUFFIXES:
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if len(rest) < _SHORTEST or (suffix == "y" and rest[-1] in "aeiou"):
            continue
        if len(rest) > _SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "aeiouls":
            rest = rest[:-1]
        return rest.removesuffix("e") if suffix == "ment" and len(rest) > _SHORTEST else rest
    return word
