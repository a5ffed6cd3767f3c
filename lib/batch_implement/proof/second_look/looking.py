"""The second runs of a check, made: each in a scratch workspace of its own, side by side where there are
cores."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.proof.second_look.canary import look_for_sight
from batch_implement.proof.second_look.committed import of_tree
from batch_implement.proof.second_look.findings import Findings, of_new_tests, of_old_tests, with_left_out
from batch_implement.proof.second_look.rehearsal import rehearse
from batch_implement.workspace.preparation import bring_along
from batch_implement.workspace.scratch import Layer, scratch_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.outcome import Results
    from batch_implement.proof.second_look.canary import Sight
    from batch_implement.proof.second_look.committed import Committed
    from batch_implement.proof.second_look.plan import Plan, SecondRun
    from batch_implement.proof.second_look.rehearsal import Rehearsed, Terms
    from batch_implement.system.git.git import Git


@dataclass(frozen=True)
class Subject:
    """What is looked at again: the working tree of ``git``, whose feature began from the commit ``base``.

    ``users`` are paths with changes of the user's, which every run sees. ``before`` and ``now`` are what the
    check came to at the base and on the feature's tree. ``tree`` is the id of the one that is to be
    committed, where it is to be looked at too, and ``layer`` what it has over the base.
    """

    git: Git
    base: str
    steps: tuple[Step, ...]
    users: tuple[str, ...] = ()
    before: Results | None = None
    now: Results | None = None
    tree: str = ""
    layer: Layer = field(default_factory=Layer)


def look_again(
    subject: Subject, plan: Plan, terms: Terms, sight: Sight | None = None
) -> tuple[Findings, Sight | None]:
    """Make the plan's runs; with what is known of the check's sight, which is looked for where ``sight``
    is None. Where the tree to be committed fails, it is the only one."""
    if not (plan.is_needed or subject.tree):
        return Findings(), sight
    try:
        sight = sight or look_for_sight(
            subject.git, subject.base, subject.steps, subject.before, terms, subject.users
        )
        if sight.blind:
            return Findings(unseen=sight.blind), sight
        tree = _tree_run(subject, terms, sight) if subject.tree else None
        if tree is not None and not tree.passed:
            return Findings(tree=tree), sight
        return replace(_runs_made(subject, plan, terms, sight), tree=tree), sight
    except (BatchImplementError, OSError) as error:
        return Findings(unseen=str(error)), sight


def _tree_run(subject: Subject, terms: Terms, sight: Sight) -> Committed | None:
    """None where the workspace comes out as another tree: the check wrote into it, or a filter did."""
    with scratch_workspace(subject.git, subject.base) as scratch:
        scratch.lay(subject.layer)
        if scratch.tree(subject.layer) != subject.tree:
            return None
        # What was the user's before is no matter of the feature's.
        scratch.lay(Layer(working=subject.users))
        bring_along(scratch.project, scratch.root, terms.preparation)
        return of_tree(subject.now, rehearse(scratch, subject.steps, terms, "tree"), sight.unlike)


def _runs_made(subject: Subject, plan: Plan, terms: Terms, sight: Sight) -> Findings:
    made = _all_run(subject, plan.runs, terms)
    findings = Findings()
    if plan.old_tests is not None and plan.old_tests.steps:
        seen = made[id(plan.old_tests)]
        findings = of_old_tests(plan, plan.old_tests, subject.before, subject.now, seen, sight.unlike)
        is_told = bool(findings.altered or findings.looser)
        settings = (
            _run(subject, plan.settings, terms) if plan.settings and (is_told or plan.resettles) else None
        )
        # Old tests may cover less of the new code than is asked for: the new ones under the old settings.
        if is_told and settings is not None and settings.passed:
            findings = Findings(passed_old=findings.passed_old)
        if plan.resettles and not findings.changed:
            findings = with_left_out(findings, plan, settings or seen, subject.before, subject.now)
    if plan.old_helpers is not None:
        seen = made[id(plan.old_helpers)]
        helped = of_old_tests(plan, plan.old_helpers, subject.before, subject.now, seen, sight.unlike)
        known = {test.name for test in findings.changed}
        more = tuple(test for test in helped.changed if test.name not in known)
        findings = replace(findings, changed=(*findings.changed, *more))
    if plan.new_tests is not None:
        files = plan.new_tests.files
        shown = of_new_tests(subject.before, subject.now, made[id(plan.new_tests)], files, plan.touched)
        findings = replace(findings, shown_by=shown)
    return findings


def _all_run(subject: Subject, runs: Sequence[SecondRun], terms: Terms) -> dict[int, Rehearsed]:
    """What each run came to, by its identity; the first error is raised."""
    made: dict[int, Rehearsed] = {}
    errors: list[Exception] = []

    def make(run: SecondRun) -> None:
        try:
            made[id(run)] = _run(subject, run, terms)
        except (BatchImplementError, OSError) as error:
            errors.append(error)

    if _takes_turns(subject):
        for run in runs:
            make(run)
    else:
        threads = [threading.Thread(target=make, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return made


def _run(subject: Subject, run: SecondRun, terms: Terms) -> Rehearsed:
    with scratch_workspace(subject.git, subject.base) as scratch:
        scratch.lay(Layer(working=subject.users))
        scratch.lay(run.layer)
        bring_along(scratch.project, scratch.root, terms.preparation)
        return rehearse(scratch, run.steps, terms, "run")


def _takes_turns(subject: Subject) -> bool:
    """What is compiled is shared by the runs of a Cargo project, so there they can't be made side by side."""
    return (os.cpu_count() or 1) == 1 or (subject.git.root / "Cargo.toml").exists()
