"""What the second runs say, as values. Nothing is run here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.proof.results.outcome import FAILURES, TestOutcome
from batch_implement.proof.second_look.parts import Part
from batch_implement.proof.second_look.untouched import is_untouched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from batch_implement.proof.results.outcome import Results
    from batch_implement.proof.second_look.committed import Committed
    from batch_implement.proof.second_look.plan import Plan, SecondRun, Touched
    from batch_implement.proof.second_look.rehearsal import Rehearsed

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class ChangedTest:
    """A test of the base that passed there and does not on the new code. ``outcome`` is None where it did
    not run; ``files`` are the touched ones that have to do with it, as far as can be told."""

    name: str
    outcome: TestOutcome | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """``changed`` are tests, ``altered`` files by which the check comes out otherwise than under the base's
    version, ``looser`` files by which less strictly is looked at the code.

    ``passed_old`` are names that passed under the base's version of everything. ``shown_by`` are tests that
    fail without the feature's code, None where that was not tried. ``tree`` is None where that was not run,
    or could not be believed. ``unseen`` says why nothing could be run (``""``: it was).
    """

    changed: tuple[ChangedTest, ...] = ()
    altered: tuple[str, ...] = ()
    looser: tuple[str, ...] = ()
    passed_old: frozenset[str] = frozenset()
    shown_by: tuple[str, ...] | None = None
    unseen: str = ""
    tree: Committed | None = None


def of_old_tests(
    plan: Plan,
    run: SecondRun,
    before: Results | None,
    now: Results | None,
    seen: Rehearsed,
    unlike: Collection[str] = (),
) -> Findings:
    """What the old tests on the new code say. ``before`` and ``now`` are the check's results at the base
    and on the feature's tree."""
    if seen.timed_out:
        return Findings(unseen="timed out")
    changed = _changed(plan, run, before, now, seen, frozenset(unlike))
    passed = frozenset(test.name for test in seen.results.tests if test.outcome is TestOutcome.PASSED)
    if changed or seen.passed or (run.files and _says_enough(seen)):
        return Findings(changed=changed, passed_old=passed)
    settings = tuple(file.path for file in plan.touched if file.part is Part.SETTINGS)
    suppressed = tuple(dict.fromkeys(path for path, _ in plan.suppressed))
    quality = (*(file.path for file in plan.touched if file.part is Part.QUALITY), *suppressed)
    if settings:
        return Findings(altered=settings, looser=quality, passed_old=passed)
    if quality:
        return Findings(looser=quality, passed_old=passed)
    return Findings(altered=tuple(file.path for file in plan.touched), passed_old=passed)


def with_left_out(
    findings: Findings, plan: Plan, seen: Rehearsed, before: Results | None, now: Results | None
) -> Findings:
    """The findings with the tests of the base that run under its settings (``seen``) and not under the new
    ones; where there are no names, with the files of the settings by which fewer pass."""
    files = tuple(file.path for file in plan.touched if file.part is Part.SETTINGS)
    if seen.timed_out or before is None or now is None:
        return findings
    if not (before.by_name and now.by_name and seen.results.by_name):
        fewer = now.counts[TestOutcome.PASSED] < seen.results.counts[TestOutcome.PASSED]
        return replace(findings, altered=findings.altered or files) if fewer else findings
    told = {test.name for test in now.tests}
    passed = dict.fromkeys(test.name for test in seen.results.tests if test.outcome is TestOutcome.PASSED)
    known = {test.name for test in before.tests if test.outcome is TestOutcome.PASSED}
    left = [name for name in passed if name in known and name not in told]
    return replace(findings, changed=tuple(ChangedTest(name, TestOutcome.SKIPPED, files) for name in left))


def of_new_tests(
    before: Results | None,
    now: Results | None,
    seen: Rehearsed,
    files: Sequence[str],
    touched: Sequence[Touched] = (),
) -> tuple[str, ...]:
    """The tests that show the feature: they pass with its code, and not without it. Those with new names
    first; the files, where no names are known."""
    if now is None or not now.by_name:
        tests = tuple(file.path for file in touched if file.part in {Part.TESTS, Part.SUPPORT})
        fewer = now is not None and seen.results.counts[TestOutcome.PASSED] < now.counts[TestOutcome.PASSED]
        return tuple(files) or tests if fewer or not seen.passed else ()
    here = Counter(test.name for test in seen.results.tests if test.outcome is TestOutcome.PASSED)
    names = dict.fromkeys(test.name for test in now.tests if test.outcome is TestOutcome.PASSED)
    located = [name for name in names if any(is_located(name, path) for path in files)] if files else []
    # Where a name says nothing of its file, one that is not run by a narrowed check says nothing either.
    candidates = located or ([] if files and seen.results.tests else list(names))
    if files:
        ran = {test.name for test in seen.results.tests}
        # What can't be built or loaded is told by the name of its package, for all the tests in it.
        unbuilt = tuple(f"{test.name}." for test in seen.results.tests if test.outcome is TestOutcome.ERROR)
        heard = (name for name in names if name in ran or name.startswith(unbuilt))
        candidates = list(dict.fromkeys([*candidates, *heard]))
    known = {test.name for test in before.tests} if before is not None else set()
    showing = [name for name in candidates if not here[name]]
    return tuple(sorted(showing, key=lambda name: name in known))


def _says_enough(seen: Rehearsed) -> bool:
    """Whether tests were heard of by name and none failed: what else made a narrowed check fail is not
    about them."""
    return (
        bool(seen.results.tests)
        and not seen.results.failures
        and not seen.results.missing
        and not seen.timed_out
    )


def _changed(
    plan: Plan,
    run: SecondRun,
    before: Results | None,
    now: Results | None,
    seen: Rehearsed,
    unlike: frozenset[str],
) -> tuple[ChangedTest, ...]:
    outcomes: dict[str, TestOutcome] = {}
    for test in seen.results.tests:
        if test.outcome is not TestOutcome.PASSED or test.name not in outcomes:
            outcomes[test.name] = test.outcome
    if before is None or not before.by_name:
        names = [name for name, outcome in outcomes.items() if outcome in FAILURES]
    else:
        names = list(_missed(before, now, outcomes, seen, plan, run))
    return tuple(
        ChangedTest(name, outcomes.get(name), files_of(name, plan.touched))
        for name in names
        if name not in unlike
    )


def _missed(
    before: Results,
    now: Results | None,
    outcomes: dict[str, TestOutcome],
    seen: Rehearsed,
    plan: Plan,
    run: SecondRun,
) -> Iterable[str]:
    passed = dict.fromkeys(test.name for test in before.tests if test.outcome is TestOutcome.PASSED)
    still = (
        {test.name for test in now.tests if test.outcome is TestOutcome.PASSED} if now is not None else set()
    )
    cut = not seen.results.tests or bool(seen.results.cut_off) or bool(seen.results.missing)
    touched = [file.path for file in plan.touched]
    for name in passed:
        outcome = outcomes.get(name)
        if outcome is TestOutcome.PASSED:
            continue
        if outcome is None and name in still and is_untouched(name, plan.touched):
            continue
        if outcome is not None:
            yield name
        elif run.files:
            if any(is_located(name, path) for path in run.files):
                yield name
        elif not cut or name not in still or any(is_located(name, path) for path in touched):
            yield name


def is_located(name: str, path: str) -> bool:
    """Whether a test's name says that it stands in the file."""
    stem = path.rsplit(".", 1)[0]
    if name.startswith(path) and not name[len(path) : len(path) + 1].isalnum():
        return True
    if path.endswith(".py"):
        module = stem.replace("/", ".")
        return name.startswith(f"{module}.") or f".{name}".startswith(f".{module.rsplit('.', 1)[-1]}.")
    if path.endswith(".rs"):
        return name.startswith(f"{stem.rsplit('/', 1)[-1]}::") or f"::{stem.rsplit('/', 1)[-1]}::" in name
    if path.endswith(".go"):
        folder = path.rpartition("/")[0]
        return bool(folder) and name.rpartition(".")[0].endswith(folder)
    return False


def files_of(name: str, touched: Iterable[Touched]) -> tuple[str, ...]:
    """The touched files that a test stands in; else those that name it; else all that may decide about it."""
    files = list(touched)
    located = [file.path for file in files if is_located(name, file.path)]
    if located:
        return tuple(located)
    words = _WORDS.findall(name)
    last = words[-1] if words else ""
    naming = [
        file.path
        for file in files
        if last and last in f"{file.before}{file.after}" and file.part is Part.TESTS
    ]
    return tuple(naming or [file.path for file in files])


def is_same_test(claimed: str, name: str) -> bool:
    """Whether a test that a person or a model names is the one that a runner names: by their words, from
    the end."""
    wanted, found = _WORDS.findall(claimed), _WORDS.findall(name)
    return bool(wanted) and found[-len(wanted) :] == wanted
