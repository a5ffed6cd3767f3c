"""What was found by a check's runs, beside what was said of it: what is open, and what is told to a
person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.model.evidence import ChangedExpectation
from batch_implement.model.named_tests import OpenTest
from batch_implement.proof.second_look.claims import why_of
from batch_implement.proof.second_look.differences import difference
from batch_implement.proof.second_look.findings import files_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.model.named_tests import LostTest
    from batch_implement.proof.second_look.claims import Named
    from batch_implement.proof.second_look.findings import Findings
    from batch_implement.proof.second_look.plan import Plan
    from batch_implement.proof.weakening import Weakening


@dataclass(frozen=True)
class Weighed:
    """``open_tests`` and ``open_files`` nobody named; ``changed`` are those that were. ``gone`` are tests
    that went, and whose old version passes."""

    open_tests: tuple[OpenTest, ...] = ()
    open_files: tuple[OpenTest, ...] = ()
    changed: tuple[ChangedExpectation, ...] = ()
    gone: tuple[str, ...] = ()


def weigh(plan: Plan, findings: Findings, lost: Sequence[LostTest], named: Sequence[Named]) -> Weighed:
    """``lost`` are tests that passed before and don't when the check is run as it is now."""
    gone = tuple(test.name for test in lost if not test.became and test.name in findings.passed_old)
    became = {test.name: test.outcome.value if test.outcome else "" for test in findings.changed}
    files = {test.name: test.files for test in findings.changed}
    for test in lost:
        if test.name not in gone and test.name not in became:
            became[test.name] = test.became
            files[test.name] = files_of(test.name, plan.touched)
    tests = [
        OpenTest(name=name, became=word, lines=_lines(plan, name, files[name]))
        for name, word in became.items()
    ]
    altered = [OpenTest(name=path, lines=_lines(plan, path, (path,))) for path in findings.altered]
    whys = {
        test.name: why_of(named, test.name, files.get(test.name, (test.name,))) for test in (*tests, *altered)
    }
    return Weighed(
        open_tests=tuple(test for test in tests if not whys[test.name]),
        open_files=tuple(test for test in altered if not whys[test.name]),
        changed=tuple(
            ChangedExpectation(test=test.name, why=whys[test.name], diff="\n".join(test.lines))
            for test in (*tests, *altered)
            if whys[test.name]
        ),
        gone=gone,
    )


def weigh_lines(
    lines: Sequence[Weakening], named: Sequence[Named]
) -> tuple[tuple[str, ...], tuple[ChangedExpectation, ...]]:
    """Of what was only read: the lines that nobody named, and those that somebody did."""
    left: list[str] = []
    said: list[ChangedExpectation] = []
    for found in lines:
        line = f"{found.path}:{found.line}: {found.what}"
        why = why_of(named, found.path, (found.path,)) or why_of(named, found.what, (found.path,))
        if why:
            said.append(ChangedExpectation(test=f"{found.path}:{found.line}", why=why, diff=found.what))
        else:
            left.append(line)
    return tuple(left), tuple(said)


def _lines(plan: Plan, name: str, files: Sequence[str]) -> tuple[str, ...]:
    return difference(name, files, plan.touched)
