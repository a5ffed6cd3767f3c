"""Which words of a text are verbs and which are part of a phrase that names something.

English tells them apart by place: "Cache the pages" begins with a verb and "Cache decorator" does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.dependencies.english.verbs import (
    INNER_VERBS,
    MAKING_VERBS,
    NOUN_OR_VERB,
    SENTENCE_VERBS,
    WORKING_VERBS,
)
from batch_implement.dependencies.english.vocabulary import ARTICLES, table
from batch_implement.dependencies.english.words import WordKind

if TYPE_CHECKING:
    from batch_implement.dependencies.english.words import Word

# "Feature B" and "step 2" are names, though "b" and "2" by themselves are not.
_NUMBERED = table("feature step task part stage story phase milestone item")
_VERB_AFTER = table("to can may must should will could would who that which : . ; and")
_ARTICLES = ARTICLES | {"a", "an"}
_DETERMINERS = _ARTICLES | {"all", "each", "every", "any", "`", "no", "only"}
_PARTICIPLE_BEFORE = table("by with in into for from through to on over via as at per")
_BEING = table("is are was were be been being get gets")


def naming_words(tokens: list[str], words: list[Word]) -> tuple[list[bool], bool]:
    """Which words are part of a phrase, and whether the first word is a verb that opens the text.

    In ``words``, whatever is quoted as code becomes a name.
    """
    naming = [word.naming for word in words]
    opens = bool(words) and _is_verb(0, words)
    if opens:
        naming[0] = False
    in_code = False
    for at, sign in enumerate(tokens):
        if sign == "`":
            in_code = not in_code
            # "`add` command" is one phrase
            naming[at] = not in_code and naming[at - 1] and at + 1 < len(words) and words[at + 1].naming
        elif in_code:
            naming[at] = words[at].lower[-1].isalnum()
            if naming[at]:
                words[at] = words[at]._replace(kind=int(WordKind.NAME))
        elif sign in _VERB_AFTER:
            if at + 1 < len(words) and _is_verb(at + 1, words):
                naming[at + 1] = False
        elif (at and len(sign) == 1 and sign.isupper() and sign != "I") or (
            sign.isdigit() and at and words[at - 1].lower in _NUMBERED
        ):
            naming[at] = True
        elif at == 1 and words[1].lower in SENTENCE_VERBS and tokens[0].endswith("s"):
            naming[at] = False  # "Customers open tickets"
        elif _tells_of_noun_before(at, words) or (
            words[at].participle
            and tokens[at - 1] not in _BEING
            and at + 1 < len(tokens)
            and tokens[at + 1] in _PARTICIPLE_BEFORE
        ):
            naming[at] = False
    return naming, opens


def _tells_of_noun_before(at: int, words: list[Word]) -> bool:
    """ "Page listing orders", "tree unlocking units": what describes a noun is not part of its name."""
    if not at or not words[at].describes:
        return False
    if words[at - 1].kind == WordKind.GENERIC:
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    return (
        following is not None
        and words[at - 1].kind == WordKind.NAME
        and following.kind == WordKind.NAME
        and words[at].lower.endswith("ing")
        and following.lower.endswith("s")
    )


def _is_verb(at: int, words: list[Word]) -> bool:
    lower = words[at].lower
    following = words[at + 1] if at + 1 < len(words) else None
    if following and words[at].naming and following.lower in _ARTICLES:
        return True
    if lower not in MAKING_VERBS and lower not in WORKING_VERBS:
        return lower in INNER_VERBS or (lower.endswith(("ize", "ify")) and len(lower) > 5)
    if lower not in NOUN_OR_VERB:
        return not _names_an_agent(at, words)
    return following is not None and _has_object(at, words)


def _has_object(at: int, words: list[Word]) -> bool:
    """ "Cache parsed commits" works on something in the plural; "Cache decorator" names a thing."""
    following = words[at + 1].lower
    if following == "and" and at + 2 < len(words):
        return words[at + 2].lower in MAKING_VERBS or words[at + 2].lower in WORKING_VERBS
    object_ = words[_last_of_phrase(at + 1, words)]
    plural = object_.naming and object_.lower.endswith("s") and not object_.lower.endswith("ss")
    return following in _DETERMINERS or plural


def _names_an_agent(at: int, words: list[Word]) -> bool:
    """ "Store finder" and "Load balancer" name things although they begin with a verb."""
    last = _last_of_phrase(at, words)
    return last == at + 1 and words[last].kind == WordKind.NAME and words[last].lower.endswith(("er", "or"))


def _last_of_phrase(at: int, words: list[Word]) -> int:
    while at + 1 < len(words) and words[at + 1].naming:
        at += 1
    return at
