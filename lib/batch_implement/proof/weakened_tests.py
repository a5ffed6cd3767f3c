"""Checks that say less than before: tests deleted or skipped, assertions gone, configuration edited.

Tests are compared over all changed files at once, so that moving one to another file is no loss, and a
test whose lines are found under another name was renamed. What is reported holds the feature for a
person; it accuses nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.proof.check_configuration import weakened_configuration
from batch_implement.proof.languages import language_of
from batch_implement.proof.suite_outline import Case, outline
from batch_implement.proof.weakening import Weakening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batch_implement.workspace.file_versions import FileVersion

# The share of a test's lines that must be found again under another name for it to count as renamed.
_SAME_TEST = 0.5
# More pairs than these are not compared; such a feature's missing tests count as deleted.
_PAIRS = 50_000
_QUOTED = 120
_SINGLED_OUT = re.compile(r"\.only\b|\bf(?:it|describe|context|specify)\b|\bfocus\b")


@dataclass(frozen=True)
class _Place:
    """A case and the file it stands in."""

    path: str
    case: Case


def find_weakening(versions: Sequence[FileVersion], check_command: str) -> tuple[Weakening, ...]:
    """What changed files took from the project's checks, by path and line.

    ``check_command`` is the command as the project runs it: the files and targets that it names are part
    of the checks.
    """
    found = [*weakened_tests(versions), *weakened_configuration(versions, check_command)]
    return tuple(sorted(found, key=lambda weakening: (weakening.path, weakening.line)))


def weakened_tests(versions: Sequence[FileVersion]) -> list[Weakening]:
    """What the tests of the changed files lost."""
    before = _places((version.path, version.before) for version in versions)
    after = _places((version.path, version.after) for version in versions)
    pairs, gone, new = _paired(before, after)
    found = [
        Weakening(place.path, place.case.line, f"the test {place.case.name!r} was deleted")
        for place in gone
        if place.case.is_test
    ]
    kept = {line for place in after for line in place.case.assertions}
    surplus = Counter(line for place in after for _, line in place.case.skips)
    surplus.subtract(line for place in before for _, line in place.case.skips)
    for old, now in pairs:
        found += _new_skips(old.case, now, surplus)
    for old, now in [*pairs, *((_Place(place.path, Case("", 0)), place) for place in new)]:
        found += _new_trivial(old.case, now)
        found += _lost_assertions(old.case, now, kept)
    return found + [weakening for place in new for weakening in _singled_out(place)]


def _places(contents: Iterable[tuple[str, bytes | None]]) -> list[_Place]:
    places = []
    for path, content in contents:
        language = language_of(path)
        if language is not None and content is not None:
            cases = outline(content.decode("utf-8", "replace"), language)
            # Where any file may hold tests, what is no test is the program itself.
            places += [_Place(path, case) for case in cases if case.is_test or language.path is not None]
    return places


def _paired(
    before: list[_Place], after: list[_Place]
) -> tuple[list[tuple[_Place, _Place]], list[_Place], list[_Place]]:
    """Each case with what became of it: in its file, in another file, or under another name."""
    pairs: list[tuple[_Place, _Place]] = []
    for match in (_in_its_file, _in_another_file, _renamed):
        found = match(before, after)
        pairs += found
        before = _without(before, [old for old, _ in found])
        after = _without(after, [now for _, now in found])
    return pairs, before, after


def _in_its_file(before: list[_Place], after: list[_Place]) -> list[tuple[_Place, _Place]]:
    return _matched(before, after, lambda place: (place.path, place.case.name, place.case.is_test))


def _in_another_file(before: list[_Place], after: list[_Place]) -> list[tuple[_Place, _Place]]:
    return _matched(
        before, after, lambda place: (place.case.name, place.case.is_test) if place.case.name else ()
    )


def _renamed(before: list[_Place], after: list[_Place]) -> list[tuple[_Place, _Place]]:
    free = [place for place in after if place.case.is_test]
    searched = [place for place in before if place.case.is_test]
    if len(searched) * len(free) > _PAIRS:
        return []
    pairs = []
    for old in searched:
        body = _without_its_name(old.case)
        scores = [len(body & _without_its_name(now.case)) / len(body) for now in free] if body else []
        if scores and max(scores) >= _SAME_TEST:
            pairs.append((old, free.pop(scores.index(max(scores)))))
    return pairs


def _matched(
    before: list[_Place], after: list[_Place], key: Callable[[_Place], tuple[object, ...]]
) -> list[tuple[_Place, _Place]]:
    """Pairs of equal keys, in order where a key comes more than once; an empty key matches nothing."""
    waiting: dict[tuple[object, ...], list[_Place]] = {}
    for place in reversed(after):
        waiting.setdefault(key(place), []).append(place)
    return [(old, waiting[key(old)].pop()) for old in before if key(old) and waiting.get(key(old))]


def _without(places: list[_Place], taken: list[_Place]) -> list[_Place]:
    ids = {id(place) for place in taken}
    return [place for place in places if id(place) not in ids]


def _without_its_name(case: Case) -> set[str]:
    """The lines that say what the test does: its definition looks like every other's."""
    return {line for line in case.body if case.name not in line}


def _new_skips(old: Case, now: _Place, surplus: Counter[str]) -> list[Weakening]:
    """Marks that the case did not have; one that only moved here (a whole block's) is not new."""
    if len(now.case.skips) <= len(old.skips):
        return []
    known = {line for _, line in old.skips}
    return [
        Weakening(now.path, number, f"a test is skipped or singled out: {line[:_QUOTED]}")
        for number, line in now.case.skips
        if line not in known and (surplus[line] > 0 or line.startswith(("@", "#[", "[")))
    ]


def _singled_out(now: _Place) -> list[Weakening]:
    """Marks of a new test by which the others don't run; that it is skipped itself takes nothing away."""
    return [
        Weakening(now.path, number, f"a test is singled out: {line[:_QUOTED]}")
        for number, line in now.case.skips
        if _SINGLED_OUT.search(line)
    ]


def _new_trivial(old: Case, now: _Place) -> list[Weakening]:
    added = len(now.case.trivial) - len(old.trivial)
    return [
        Weakening(now.path, number, f"an assertion that is always true: {line[:_QUOTED]}")
        for number, line in now.case.trivial[-added:]
        if added > 0
    ]


def _lost_assertions(old: Case, now: _Place, kept: set[str]) -> list[Weakening]:
    lost = [line for line in old.assertions if line not in kept]
    if not lost or len(now.case.assertions) >= len(old.assertions):
        return []
    which = f"the test {now.case.name!r}" if now.case.name else "what is outside the tests"
    return [
        Weakening(
            now.path,
            max(now.case.line, 1),
            f"{which} has {len(now.case.assertions)} assertions and had {len(old.assertions)}; "
            f"gone: {lost[0][:_QUOTED]}",
        )
    ]
