"""The second runs as a part of a check's run: what is asked for, made where the check was run, and told in
JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from batch_implement.proof.kept_results import kept
from batch_implement.proof.results.commands import commands_of
from batch_implement.proof.results.outcome import TestOutcome
from batch_implement.proof.second_look.committed import Committed
from batch_implement.proof.second_look.findings import ChangedTest, Findings
from batch_implement.proof.second_look.kept_sight import keep_sight, kept_sight
from batch_implement.proof.second_look.looking import Subject, look_again
from batch_implement.proof.second_look.plan import plan_of
from batch_implement.proof.second_look.rehearsal import Terms
from batch_implement.system.git.git import Git
from batch_implement.workspace.change_set import Change
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.preparation import prepare
from batch_implement.workspace.scratch import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from batch_implement.proof.check_command import Step
    from batch_implement.proof.results.outcome import Results

_TOLD = 200


@dataclass(frozen=True)
class Asked:
    """``base`` is the last proven commit, ``before`` the file with what the tests came to on it, ``users``
    paths with changes of the user's. ``text`` is the feature as it was asked for. Where the working files
    differ from the tree that is to be committed, ``tree`` is its id, and ``apart`` are paths of which it has
    nothing."""

    base: str
    changes: tuple[Change, ...]
    users: tuple[str, ...] = ()
    text: str = ""
    before: str = ""
    batch: str = ""
    tree: str = ""
    apart: tuple[str, ...] = ()


def look(
    home: Path,
    workspace: Path,
    asked: Asked,
    steps: tuple[Step, ...],
    now: Results | None,
    *,
    timeout: float,
    environment: Mapping[str, str],
    on_start: Callable[[int], None],
) -> Findings:
    """Make the second runs of what was asked, after a check that passed with ``now``."""
    git = Git(workspace)
    commands = {step: commands_of(step.argv, workspace) for step in steps}
    before = kept(home, asked.before)
    plan = plan_of(asked.changes, working_versions(git, asked.changes), commands, asked.text, before)
    preparation = prepare(git, environment, [*(change.path for change in asked.changes), *asked.apart])
    terms = Terms(preparation, environment, timeout, on_start)
    layer = _layer(asked.changes)
    subject = Subject(git, asked.base, steps, asked.users, before, now, asked.tree, layer)
    key = _key(asked.batch, steps, preparation)
    known = kept_sight(home, key)
    findings, sight = look_again(subject, plan, terms, known)
    if sight is not None and known is None:
        keep_sight(home, key, sight)
    return _of_interest(findings, subject)


def _layer(changes: Sequence[Change]) -> Layer:
    return Layer(
        working=tuple(change.path for change in changes if change.kind != "deleted"),
        gone=tuple(change.path for change in changes if change.kind == "deleted"),
    )


def _of_interest(findings: Findings, subject: Subject) -> Findings:
    """Of the old tests that passed, only those count that the check does not run any more."""
    now = subject.now.tests if subject.now is not None else ()
    passing = {test.name for test in now if test.outcome is TestOutcome.PASSED}
    return replace(findings, passed_old=findings.passed_old - passing)


def _key(batch: str, steps: tuple[Step, ...], preparation: object) -> str:
    return hashlib.sha256(repr((batch, steps, preparation)).encode("utf-8", "replace")).hexdigest()[:32]


def asked_of(fields: Mapping[str, Any] | None) -> Asked | None:
    """As :func:`dataclasses.asdict` has it, read from a file."""
    if fields is None:
        return None
    changes = tuple(Change(**change) for change in fields["changes"])
    users, apart = tuple(fields["users"]), tuple(fields["apart"])
    return Asked(**{**fields, "changes": changes, "users": users, "apart": apart})


def findings_to_json(findings: Findings | None) -> dict[str, Any] | None:
    if findings is None:
        return None
    changed = [
        {**asdict(test), "outcome": test.outcome.value if test.outcome is not None else None}
        for test in findings.changed
    ]
    shown = list(findings.shown_by[:_TOLD]) if findings.shown_by is not None else None
    tree = {**vars(findings.tree), "more": sorted(findings.tree.more)} if findings.tree is not None else None
    plain = {**vars(findings), "changed": changed, "shown_by": shown, "tree": tree}
    return {**json.loads(json.dumps({**plain, "passed_old": sorted(findings.passed_old)}))}


def findings_from_json(fields: Mapping[str, Any] | None) -> Findings | None:
    """What :func:`findings_to_json` was given."""
    if fields is None:
        return None
    changed = tuple(
        ChangedTest(
            test["name"],
            TestOutcome(test["outcome"]) if test["outcome"] is not None else None,
            tuple(test["files"]),
        )
        for test in fields["changed"]
    )
    shown, tree = fields["shown_by"], fields["tree"]
    return Findings(
        changed=changed,
        altered=tuple(fields["altered"]),
        looser=tuple(fields["looser"]),
        passed_old=frozenset(fields["passed_old"]),
        shown_by=tuple(shown) if shown is not None else None,
        unseen=fields["unseen"],
        tree=Committed(tree["passed"], tuple(tree["lost"]), frozenset(tree["more"]), tree["output"])
        if tree is not None
        else None,
    )
