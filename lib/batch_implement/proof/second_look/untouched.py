"""Tests that a feature left as they are, although the old version of their file can't be loaded any more.

Where a function was removed with its test, the old file may fail at its import, and its other tests with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batch_implement.proof.languages import language_of
from batch_implement.proof.second_look.parts import Part
from batch_implement.proof.suite_outline import outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.proof.second_look.plan import Touched
    from batch_implement.proof.suite_outline import Case

_WORDS = re.compile(r"\w+")


def is_untouched(name: str, touched: Sequence[Touched]) -> bool:
    """Whether nothing that the test stands on changed: its own lines did not, and around the tests of its
    file lines only went or lost words. False where a helper or a setting came or changed as well."""
    changed = [file for file in touched if file.after is not None and file.before is not None]
    if any(file.part is not Part.TESTS and file.after is not None for file in touched):
        return False
    stands_in = [file for file in touched if _cases(name, file, file.before)]
    return all(_is_same(name, file) for file in stands_in) and all(map(_only_lost, changed))


def _is_same(name: str, file: Touched) -> bool:
    before, after = _cases(name, file, file.before), _cases(name, file, file.after)
    return [case.body for case in before] == [case.body for case in after]


def _cases(name: str, file: Touched, text: str | None) -> list[Case]:
    return [case for case in _outline(file, text) if case.is_test and case.name and name.endswith(case.name)]


def _only_lost(file: Touched) -> bool:
    """Whether what is outside of the tests has no line that says something new."""
    before, after = (
        {line for case in _outline(file, text) if not case.is_test for line in case.body}
        for text in (file.before, file.after)
    )
    gone = [frozenset(_WORDS.findall(line)) for line in before - after]
    return all(any(words.issuperset(_WORDS.findall(line)) for words in gone) for line in after - before)


def _outline(file: Touched, text: str | None) -> list[Case]:
    language = language_of(file.path)
    return outline(text or "", language) if language is not None else []
