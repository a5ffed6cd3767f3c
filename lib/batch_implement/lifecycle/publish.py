"""What is committed goes out: pushed, in a pull request, its issue closed.

Nothing here stops a batch. What failed is recorded, and tried again after the next feature and at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.delivery import publication
from batch_implement.delivery.closer_breaker import CloserBreaker
from batch_implement.delivery.issue_references import closing_issue
from batch_implement.delivery.pull_request_text import FeatureSummary
from batch_implement.lifecycle import verification
from batch_implement.state.journal import Transition
from batch_implement.system.github import GitHub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batch_implement.delivery.operation import OperationRecord
    from batch_implement.lifecycle.project import Project
    from batch_implement.state.document import Document
    from batch_implement.state.progress import Fields


def publish(project: Project, *, final: bool = False) -> None:
    """Push what is not pushed, bring pull requests up to date, close the issues of what is pushed.

    ``final``: the batch has ended, so its pull request is no draft any more.
    """
    fields = project.state.read()
    delivery = fields.get("delivery") or {}
    if not delivery.get("push"):
        return
    for branch in _branches(fields):
        _push(project, branch, delivery["remote"])
        if delivery.get("pull_request") and branch != delivery["base"]:
            _pull_request(project, branch, final=final)
    if delivery.get("close_issues"):
        _close_issues(project)


def issue_of(fields: Fields, index: int) -> int | None:
    """The issue a feature closes: the one it was made from, else the one its text says it closes."""
    numbers = fields.get("issue_numbers") or []
    if index < len(numbers):
        return int(numbers[index])
    return closing_issue(fields["features"][index])


def _operation(fields: Fields, index: int, name: str) -> dict[str, Any]:
    operations = (fields.get("git_operations") or {}).get(str(index)) or {}
    found: dict[str, Any] = operations.get(name) or {}
    return found


def _committed(fields: Fields, branch: str) -> list[int]:
    """The completed features whose commits are on a branch, in the order they were made."""
    return [
        index
        for index in fields["completed_features"]
        if _operation(fields, index, "commit").get("success")
        and _operation(fields, index, "commit").get("branch") == branch
    ]


def _branches(fields: Fields) -> list[str]:
    found = [_operation(fields, index, "commit").get("branch") for index in fields["completed_features"]]
    return list(dict.fromkeys(branch for branch in found if branch))


def _push(project: Project, branch: str, remote: str) -> None:
    fields = project.state.read()
    waiting = [
        index for index in _committed(fields, branch) if not _operation(fields, index, "push").get("success")
    ]
    if not waiting:
        return
    pushed = publication.push_branch(
        project.git, remote, branch, checks_pass=_checks_on(project, fields), now=project.now
    )
    project.state.update(lambda current: _moved(current, pushed.moved))
    project.state.update(lambda current: _recorded(current, waiting, pushed.record))


def _checks_on(project: Project, fields: Fields) -> Callable[[Path], bool] | None:
    check = fields.get("check")
    if not check:
        return None
    return lambda folder: verification.passes_in(project, check, folder)


def _moved(fields: Document, pairs: tuple[tuple[str, str], ...]) -> Transition:
    """The commits have other names after a rebase."""
    after = dict(pairs)
    operations = {index: dict(done) for index, done in (fields.get("git_operations") or {}).items()}
    evidence = dict(fields.get("evidence") or {})
    for index, done in operations.items():
        sha = done.get("commit", {}).get("sha")
        if sha in after:
            done["commit"] = {**done["commit"], "sha": after[sha]}
            evidence[index] = {**evidence.get(index, {}), "commit": after[sha]}
    changes = {"git_operations": operations, "evidence": evidence} if pairs else {}
    return Transition("rebased", changes, {"commits": len(pairs)})


def _recorded(fields: Document, indices: list[int], record: OperationRecord) -> Transition:
    operations = dict(fields.get("git_operations") or {})
    for index in indices:
        operations[str(index)] = {**(operations.get(str(index)) or {}), record.operation: record.to_dict()}
    details = {"features": [index + 1 for index in indices], "success": record.success}
    if not record.success:
        details["error"] = record.fields.get("error", "")
    return Transition(record.operation, {"git_operations": operations}, details)


def _pull_request(project: Project, branch: str, *, final: bool) -> None:
    fields = project.state.read()
    delivery = fields["delivery"]
    features = _committed(fields, branch)
    pushed = [index for index in features if _operation(fields, index, "push").get("success")]
    if not pushed:
        return
    known = next((_operation(fields, index, "pr").get("number") for index in reversed(features)), None)
    known = known or next(
        (number for index in features if (number := _operation(fields, index, "pr").get("number"))), None
    )
    # A batch's branch grows until the end; a feature's own branch is ready once it is there.
    draft = delivery["mode"] == "batch" and not final
    record = publication.keep_pull_request(
        GitHub(project.root),
        [_summary(fields, index) for index in pushed],
        branch=branch,
        base=delivery["base"],
        draft=draft,
        known=known,
        now=project.now,
    )
    project.state.update(lambda current: _recorded(current, pushed[-1:], record))


def _summary(fields: Fields, index: int) -> FeatureSummary:
    commit = str(_operation(fields, index, "commit").get("sha", ""))
    return FeatureSummary(fields["features"][index], commit, _checks(fields, index), issue_of(fields, index))


def _checks(fields: Fields, index: int) -> str:
    evidence = (fields.get("evidence") or {}).get(str(index)) or {}
    if not evidence.get("check"):
        return ""
    tests = f", {evidence['tests_after']} tests" if evidence.get("tests_after") is not None else ""
    return f"{evidence['check']}: passed{tests}"


def _close_issues(project: Project) -> None:
    fields = project.state.read()
    for index in fields["completed_features"]:
        number = issue_of(fields, index)
        done = _operation(fields, index, "issue_close").get("success")
        if number is None or done or not _operation(fields, index, "push").get("success"):
            continue
        commit = _operation(fields, index, "commit")
        record, breaker = publication.close(
            GitHub(project.root),
            number,
            commit=commit["sha"],
            branch=commit["branch"],
            files=commit.get("files") or (),
            checks=_checks(fields, index),
            breaker=_breaker(project.state.read()),
            now=project.now,
        )
        project.state.update(lambda current, index=index, record=record: _recorded(current, [index], record))  # type: ignore[misc]
        project.state.update(lambda current, breaker=breaker: _with_breaker(current, breaker))  # type: ignore[misc]


def _breaker(fields: Fields) -> CloserBreaker:
    kept = fields.get("github_breaker") or {}
    return CloserBreaker(int(kept.get("consecutive_failures", 0)), kept.get("opened_at"))


def _with_breaker(fields: Document, breaker: CloserBreaker) -> Transition:
    kept = {"consecutive_failures": breaker.consecutive_failures, "opened_at": breaker.opened_at}
    if (fields.get("github_breaker") or {"consecutive_failures": 0, "opened_at": None}) == kept:
        return Transition("breaker", {})
    return Transition("breaker", {"github_breaker": kept}, kept)
