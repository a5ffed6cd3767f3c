"""The second runs of a check, for a feature: which are asked for, and what is made of what they found."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as with_changed
from typing import TYPE_CHECKING

from batch_implement.model.record import replace
from batch_implement.model.refusals import (
    ChangedTests,
    FewerTests,
    LostTests,
    RefusedError,
    ShownByNoTest,
    SilentRunners,
    TreeFails,
    WeakerChecks,
)
from batch_implement.proof.checker import steps_of
from batch_implement.proof.results.commands import commands_of
from batch_implement.proof.second_look.asked import Asked
from batch_implement.proof.second_look.findings import Findings
from batch_implement.proof.second_look.kinds import Kind, only_removes
from batch_implement.proof.second_look.parts import Part
from batch_implement.proof.second_look.plan import plan_of
from batch_implement.proof.second_look.weighing import weigh, weigh_lines
from batch_implement.proof.weakened_tests import find_weakening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from batch_implement.engine.apart import Apart
    from batch_implement.engine.claim import Claim
    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.check import Check
    from batch_implement.model.evidence import Evidence
    from batch_implement.proof.judgement import Weaker
    from batch_implement.proof.second_look.committed import Committed
    from batch_implement.proof.second_look.plan import Plan
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet
    from batch_implement.workspace.file_versions import FileVersion

    Problem: TypeAlias = "Weaker | ChangedTests | ShownByNoTest | TreeFails"

_KEPT = 50
_SHOWN_BY = 5
_OUTPUT = 3_000
_MADE = frozenset({"added", "modified", "deleted"})
_HOW_IT_IS_LOOKED = frozenset({Part.SETTINGS, Part.QUALITY})
_UNSEEN = {
    "unlike": "the check comes out otherwise in another folder",
    "timed out": "the old tests on the new code took longer than a check may",
    "unbroken": "the check does not see the files of another folder",
}


@dataclass(frozen=True)
class Seen:
    """What is known of a feature beside its check. ``is_asked``: second runs were asked for. ``apart`` is
    what only the working files have."""

    plan: Plan
    versions: Sequence[FileVersion]
    claim: Claim
    is_asked: bool
    apart: Apart


@dataclass(frozen=True)
class Judged:
    """``problem`` is why the feature is not done; ``evidence`` what is told of it else."""

    evidence: Evidence
    problem: Problem | None = None


def plan_for(
    project: Project, batch: Batch, number: int, changes: ChangeSet, versions: Sequence[FileVersion]
) -> Plan:
    """What would have to be run a second time for the feature."""
    steps = steps_of(batch.check) if batch.check is not None else ()
    commands = {step: commands_of(step.argv, project.git.root) for step in steps}
    before = project.checker.before(batch.check)[0] if batch.check is not None else None
    return plan_of(changes.mine, versions, commands, batch.features[number - 1].text, before)


def asked_for(
    batch: Batch, number: int, plan: Plan, changes: ChangeSet, baseline: Baseline, *, tree: str, apart: Apart
) -> Asked | None:
    """The second runs; None where there is no need, or no commit to compare with."""
    check = batch.check
    is_needed = plan.is_needed or apart.is_there
    if check is None or not check.second_runs or not baseline.commit or not is_needed:
        return None
    if batch.delivery is not None and not batch.delivery.commit:
        return None
    return Asked(
        base=baseline.commit,
        # Whether it is committed by now says nothing of what is to be run.
        changes=tuple(with_changed(change, pending=True) for change in changes.mine),
        users=tuple(change.path for change in changes.users if change.kind in _MADE),
        text=batch.features[number - 1].text,
        before=check.results,
        batch=batch.batch_id,
        tree=tree if apart.is_there else "",
        apart=apart.paths,
    )


def judge(
    number: int, check: Check, about: Evidence, lost: Weaker | None, findings: Findings | None, seen: Seen
) -> Judged:
    """What a check that passed says of a feature, with what its second runs found (None: there were none).

    Raises :class:`RefusedError` where only lines could be read, and they say less, and for what only a run
    on the tree to be committed could have judged, where there was none.
    """
    tree = findings.tree if findings is not None else None
    if tree is None:
        seen.apart.require_nothing(number)
    elif not tree.passed:
        return Judged(about, _tree_fails(number, check, tree, seen.apart))
    else:
        about = replace(about, beside=seen.apart.lines[:_KEPT])
        lost = _still_lost(lost, tree)
    if why := _why_only_read(findings, seen):
        about = by_reading(number, about, seen.versions, check, seen.claim, why)
    about, problem = _weighed(number, check, about, lost, findings or Findings(), seen)
    if problem is not None:
        return Judged(about, problem)
    about = _with_what_shows(about, findings, seen)
    if about.unshown and check.require_test:
        return Judged(about, ShownByNoTest(number=number))
    return Judged(about)


def by_reading(
    number: int, about: Evidence, versions: Sequence[FileVersion], check: Check | None, claim: Claim, why: str
) -> Evidence:
    """The evidence where nothing could be run again: lines by which the checks say less have to be named.

    Raises :class:`RefusedError` for those that are not.
    """
    handling = check.changed_tests if check is not None else "report"
    found = find_weakening(versions, check.command if check is not None else "")
    left, said = weigh_lines(found, claim.named if handling == "report" else ())
    if left and (handling == "refuse" or not claim.accept_weaker):
        raise RefusedError(WeakerChecks(number=number, lines=left, handling=handling))
    return replace(about, changed=said[:_KEPT], weaker=left[:_KEPT], by_reading=why)


def _tree_fails(number: int, check: Check, tree: Committed, apart: Apart) -> TreeFails:
    return TreeFails(
        number=number,
        command=check.command,
        output=tree.output[-_OUTPUT:],
        apart=apart.paths[:_KEPT],
        hidden=tuple(f"{change.name}: {change.now}" for change in apart.hidden),
        tests=tree.lost,
    )


def _still_lost(lost: Weaker | None, tree: Committed) -> Weaker | None:
    """Without the tests that pass in what is committed, where a sparse checkout leaves them out here."""
    if not isinstance(lost, LostTests):
        return lost
    tests = tuple(test for test in lost.tests if test.name not in tree.more)
    return replace(lost, tests=tests) if tests else None


def _weighed(
    number: int, check: Check, about: Evidence, lost: Weaker | None, findings: Findings, seen: Seen
) -> tuple[Evidence, Problem | None]:
    """What nobody named is open: a problem, unless a person accepts it."""
    named = seen.claim.named if check.changed_tests == "report" else ()
    weighed = weigh(seen.plan, findings, lost.tests if isinstance(lost, LostTests) else (), named)
    about = replace(about, gone=weighed.gone[:_KEPT], changed=(*about.changed, *weighed.changed)[:_KEPT])
    less = lost if not isinstance(lost, LostTests) else None
    lines = (
        *about.weaker,
        *(f"{test.name}: {test.became or 'did not run'}" for test in weighed.open_tests),
        *(file.name for file in weighed.open_files),
        *(_lines_of(less) if less is not None else ()),
    )
    accepted = seen.claim.accept_weaker if check.changed_tests != "refuse" else ""
    if not lines or accepted:
        return replace(about, weaker=lines[:_KEPT], accepted=accepted if lines else ""), None
    if less is not None:
        return about, less
    return about, ChangedTests(
        number=number,
        tests=weighed.open_tests[:_KEPT],
        files=weighed.open_files[:_KEPT],
        handling=check.changed_tests,
    )


def _why_only_read(findings: Findings | None, seen: Seen) -> str:
    """Why lines are compared: tests or settings were touched and nothing was run again."""
    if findings is not None:
        return _UNSEEN.get(findings.unseen, findings.unseen) if seen.plan.is_needed else ""
    old_tests = seen.plan.old_tests
    # Only new files of tests have no old ones to run.
    is_new = old_tests is not None and not old_tests.steps
    return "second runs are off" if seen.plan.touched and not seen.is_asked and not is_new else ""


def _with_what_shows(about: Evidence, findings: Findings | None, seen: Seen) -> Evidence:
    looser = _looser(findings, seen.plan) if findings is not None else ()
    if about.by_reading:
        # What new lines of it do is not to be read off them.
        touched = (file.path for file in seen.plan.touched if file.part in _HOW_IT_IS_LOOKED)
        looser = (*looser, *(f"{path} (perhaps: its old version was not tried)" for path in touched))
    shown = findings.shown_by if findings is not None else None
    untried = seen.plan.new_tests is not None and shown is None
    # What is removed is shown by the tests that went with it, and fail without it.
    removed = bool(about.changed) and only_removes(seen.versions)
    unshown = seen.plan.kind is Kind.FEATURE and not (shown or untried or removed)
    return replace(about, looser=looser[:_KEPT], shown_by=(shown or ())[:_SHOWN_BY], unshown=unshown)


def _looser(findings: Findings, plan: Plan) -> tuple[str, ...]:
    """One line for each suppression, or file, by which less strictly is looked at the code."""
    lines: list[str] = []
    for path in findings.looser:
        comments = [line for where, line in plan.suppressed if where == path]
        lines += [f"{path}: {comment}" for comment in comments] or [path]
    return tuple(lines)


def _lines_of(lost: SilentRunners | FewerTests) -> tuple[str, ...]:
    """What a person has accepted, a line each."""
    match lost:
        case SilentRunners():
            return (f"tests no longer told by {', '.join(lost.runners)}",)
        case FewerTests():
            return (f"{lost.before} tests passed before, {lost.after or 0} now",)
