"""What a worker says that a feature changes of the tests, beside what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batch_implement.errors import UsageError
from batch_implement.proof.second_look.findings import is_same_test

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_GO_TEST = re.compile(r"\.Test\w{0,200}(?=/)")


@dataclass(frozen=True)
class Named:
    """``what`` is a test, a file, or a pattern for either."""

    what: str
    why: str


def read_named(text: str) -> Named:
    """``WHAT: WHY``; raises :class:`UsageError` where one of them is missing."""
    what, _, why = text.partition(": ")
    if not what.strip() or not why.strip():
        raise UsageError(
            f"--changes {text[:100]!r} has to be 'TEST: WHY', as in "
            "--changes 'tests/test_cart.py::test_total: the feature asks for another total'."
        )
    return Named(what.strip(), why.strip())


def why_of(named: Sequence[Named], name: str, files: Collection[str]) -> str:
    """Why a test of that name, or in one of the files, is changed; ``""`` where nobody says so. Who names a
    test means all of its rows."""
    names = (name, _without_row(name))
    return next((one.why for one in named if any(_covers(one.what, whole, files) for whole in names)), "")


def _without_row(name: str) -> str:
    """Of a test with parameters, which pytest and go run as many."""
    if name.endswith("]"):
        return name.partition("[")[0]
    test = _GO_TEST.search(name)
    return name[: test.end()] if test else name


def _covers(what: str, name: str, files: Collection[str]) -> bool:
    if what == name or fnmatchcase(name, what) or any(fnmatchcase(file, what) for file in files):
        return True
    place, separator, test = what.partition("::")
    if not separator:
        return False
    # Not every runner's names say in which file a test stands.
    is_told = f".{place.rsplit('.', 1)[-1]}" in name
    in_place = not is_told or place in name or any(f"/{file}".endswith(f"/{place}") for file in files)
    return in_place and (is_same_test(test, name) or fnmatchcase(name, f"*{test}"))
