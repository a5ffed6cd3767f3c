"""What is committed goes out: pushed, in a pull request, its issue closed.

Nothing here stops a batch. What failed is recorded, and tried again after the next feature and at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.delivery.issue_references import closing_issue
from batch_implement.delivery.publisher import Publisher, Route, Step, Work
from batch_implement.engine import verification
from batch_implement.engine.feature_branch import bases
from batch_implement.model import breaker
from batch_implement.state.journal import Transition
from batch_implement.system.github.github import GitHub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields
    from batch_implement.state.document import Document


def publish(project: Project, *, final: bool = False) -> None:
    """Push what is not pushed, bring pull requests up to date, close the issues of what is pushed.

    ``final``: the batch has ended, so its pull request is no draft any more.
    """
    fields = project.state.read()
    delivery = fields.get("delivery") or {}
    works = _works(fields) if delivery.get("push") else []
    if not works:
        return
    publisher = Publisher(
        git=project.git,
        github=GitHub(project.root),
        batch_id=fields["batch_id"],
        route=Route(
            remote=delivery["remote"],
            pull_request=bool(delivery.get("pull_request")),
            close_issues=bool(delivery.get("close_issues")),
            # A batch's branch grows until the end; a feature's own branch is ready once it is there.
            draft=delivery["mode"] == "batch" and not final,
        ),
        now=project.now,
        checks_pass=_checks_on(project, fields),
    )
    for step in publisher.publish(works, breaker.from_json(fields.get("github_breaker"), BREAKER)):
        project.state.update(lambda current, step=step: _recorded(current, step))  # type: ignore[misc]


def issue_of(fields: Fields, index: int) -> int | None:
    """The issue a feature closes: the one it was made from, else the one its text says it closes."""
    numbers = fields.get("issue_numbers") or []
    if index < len(numbers):
        return int(numbers[index])
    return closing_issue(fields["features"][index])


def checks_line(evidence: dict[str, Any]) -> str:
    """How a feature was proven, in a line for a pull request or an issue; ``""`` where nothing was run."""
    parts = []
    if evidence.get("check"):
        parts.append(f"{evidence['check']}: exit code {evidence.get('exit_code', 0)}")
        before, after = evidence.get("tests_before"), evidence.get("tests_after")
        if after is not None:
            parts.append(f"{after} tests" if before is None else f"{before} tests before, {after} after")
        if evidence.get("skipped"):
            parts.append(f"{evidence['skipped']} skipped")
        if evidence.get("seconds") is not None:
            parts.append(f"{evidence['seconds']:g} s")
    if evidence.get("accepted"):
        parts.append(f"weaker checks accepted: {evidence['accepted']}")
    return ", ".join(parts)


def _works(fields: Fields) -> list[Work]:
    """The completed features that have a commit, in the order they were made."""
    works = []
    base = bases(fields, fields["completed_features"])
    for index in fields["completed_features"]:
        operations = (fields.get("git_operations") or {}).get(str(index)) or {}
        commit, pull_request = operations.get("commit") or {}, operations.get("pr") or {}
        if not (commit.get("success") and commit.get("branch")):
            continue
        works.append(
            Work(
                index=index,
                text=fields["features"][index],
                commit=commit["sha"],
                branch=commit["branch"],
                base=base[index],
                files=tuple(commit.get("files") or ()),
                checks=checks_line((fields.get("evidence") or {}).get(str(index)) or {}),
                issue=issue_of(fields, index),
                pushed=_succeeded(operations, "push"),
                pull_request=pull_request.get("number"),
                requested=_succeeded(operations, "pr"),
                draft=bool(pull_request.get("draft")),
                closed=_succeeded(operations, "issue_close"),
            )
        )
    return works


def _succeeded(operations: dict[str, Any], name: str) -> bool:
    return bool((operations.get(name) or {}).get("success"))


def _checks_on(project: Project, fields: Fields) -> Callable[[Path], bool] | None:
    check = fields.get("check")
    if not check:
        return None
    return lambda folder: verification.passes_in(project, check, folder)


def _recorded(fields: Document, step: Step) -> Transition:
    """A step in the state: the record, commits under their new names, and the breaker, at once."""
    operations = {index: dict(done) for index, done in (fields.get("git_operations") or {}).items()}
    evidence = dict(fields.get("evidence") or {})
    after = dict(step.moved)
    for index, done in operations.items():
        sha = done.get("commit", {}).get("sha")
        if sha in after:
            done["commit"] = {**done["commit"], "sha": after[sha]}
            evidence[index] = {**evidence.get(index, {}), "commit": after[sha]}
    changes: dict[str, Any] = {"evidence": evidence} if after else {}
    if step.breaker is not None:
        changes["github_breaker"] = breaker.to_json(step.breaker)
    if step.record is None:
        return Transition("rebased", {**changes, "git_operations": operations}, {"commits": len(after)})
    for feature in step.features:
        operations.setdefault(str(feature), {})[step.record.operation] = step.record.to_dict()
    details = {
        "features": [index + 1 for index in step.features],
        "success": step.record.success,
        **({"error": step.record.fields["error"]} if "error" in step.record.fields else {}),
        **({"rebased": len(after)} if after else {}),
    }
    return Transition(step.record.operation, {**changes, "git_operations": operations}, details)
