"""The git step for one finished feature, for a program to call: commit, push, pull request, closed issue.

The same steps as those of ``batch-implement done``, without a batch's state: the records come back, and who
calls keeps them. Nothing is raised for what git, GitHub or a setting refuses.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.delivery.branch import BranchPlan, plan_branch, prepare_branch
from batch_implement.delivery.commit import Commit, commit_feature
from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.delivery.commit_message import build_message
from batch_implement.delivery.git_settings import read_git_settings
from batch_implement.delivery.guard import held_paths
from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.delivery.issue_references import closing_issue
from batch_implement.delivery.operation import commit_record, failure_record
from batch_implement.delivery.publisher import Publisher, Route, Work
from batch_implement.errors import BatchImplementError, GitError
from batch_implement.json_types import JsonObject
from batch_implement.model.record import to_json
from batch_implement.presentation.consents import FIRST_RUN
from batch_implement.system.clock import timestamp, utc_now
from batch_implement.system.git.git import Git
from batch_implement.system.github.github import GitHub
from batch_implement.system.settings.config import load_config
from batch_implement.system.settings.consent import GIT, Consent, consent
from batch_implement.system.settings.user_state import UserState
from batch_implement.workspace.baseline import Baseline
from batch_implement.workspace.change_set import ChangeSet
from batch_implement.workspace.changes import changes_since, name_paths
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.repository_condition import obstacles, read_condition

if TYPE_CHECKING:
    from batch_implement.system.clock import Clock


@dataclass(frozen=True)
class _Request:
    """What the caller gave."""

    workflow_id: str
    text: str
    message: str
    issue: int | None
    number: int
    baseline: Baseline | None
    checks: str
    allowed: Collection[str]
    now: Clock


@dataclass
class _Result:
    """What has come of it so far."""

    operations: JsonObject = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    question: str = ""


def execute_git_workflow(
    workflow_id: str,
    request: str,
    in_batch_mode: bool = False,
    *,
    root: Path | None = None,
    message: str = "",
    issue_number: int | None = None,
    feature_number: int = 1,
    baseline: Baseline | None = None,
    checks: str = "",
    allowed: Collection[str] = (),
    now: Clock = utc_now,
) -> JsonObject:
    """Commit what has changed for ``request``, and take it as far as the settings say; never raises.

    ``workflow_id`` and ``feature_number`` are the commit's trailers, by which a second call for the same
    feature finds it. ``root`` is in the project (by default the current folder). Without a ``baseline``
    every uncommitted change is the feature's. ``message`` is made from the request where there is none,
    and the issue is the one that the request says it closes. ``checks`` is a line on how it was proven,
    ``allowed`` are held paths that a person lets through.

    Outside a batch, and with neither the setting nor a stored answer, nothing is done: ``consent`` is then
    ``"needed"``, with the ``question`` and the ``text`` to show; ``store_answer`` of the module that has the
    consents keeps the answer. The result has a record for each operation tried (``commit``, ``push``, ``pr``,
    ``issue_close``, as in a batch's ``git_operations``), their main values (``commit_sha``, ``pushed``,
    ``pr_url``, ``issue_closed``), ``skipped`` with the reason for each that was not, and ``errors``.
    """
    asked = _Request(
        workflow_id, request, message, issue_number, feature_number, baseline, checks, allowed, now
    )
    result = _Result()
    try:
        _run(asked, Git.open(root or Path.cwd()), result, in_batch_mode=in_batch_mode)
    except (BatchImplementError, OSError) as error:
        result.errors.append(str(error))
    return _as_dict(workflow_id, result)


def _run(asked: _Request, git: Git, result: _Result, *, in_batch_mode: bool) -> None:
    config = load_config(git.root)
    answers = UserState(Path.home()).read()
    if not in_batch_mode and consent(GIT, config, answers) is Consent.ASK:
        result.question = FIRST_RUN[GIT].question
        return
    condition = read_condition(git)
    github = GitHub(git.root)
    settings = read_git_settings(config, git, condition, github, answers)
    result.skipped |= settings.skipped
    if not settings.commit:
        return
    if problems := obstacles(condition):
        raise GitError(" ".join(problems))
    baseline = asked.baseline or _baseline(git, asked)
    changes = changes_since(git, baseline)
    if objection := _objection(git, changes, asked.allowed):
        result.operations["commit"] = _failed(asked, objection)
        return
    plan = plan_branch(
        condition,
        settings.branch_mode,
        batch_id=asked.workflow_id,
        feature_number=asked.number,
        feature_text=asked.text,
        with_pull_requests=settings.pull_request,
    )
    base = condition.default_branch or condition.branch
    if plan.mode != "current" and condition.branch != plan.name:
        base = condition.branch
    commit = _commit(asked, git, changes, baseline, plan, result)
    if commit is None:
        return
    publisher = Publisher(
        git=git,
        github=github,
        batch_id=asked.workflow_id,
        route=Route(settings.remote, settings.push, settings.pull_request, settings.close_issues),
        now=asked.now,
    )
    _publish(asked, publisher, commit, base, result)


def _commit(
    asked: _Request, git: Git, changes: ChangeSet, baseline: Baseline, plan: BranchPlan, result: _Result
) -> Commit | None:
    try:
        if changes.pending:
            prepare_branch(git, plan)
        commit = commit_feature(
            git,
            changes,
            asked.message or build_message(asked.text, issue_number=asked.issue),
            baseline=replace(baseline, branch=""),
            batch_id=asked.workflow_id,
            feature_number=asked.number,
        )
    except BatchImplementError as error:
        result.operations["commit"] = _failed(asked, str(error))
        return None
    result.operations["commit"] = to_json(commit_record(commit, timestamp(asked.now())))
    return commit


def _baseline(git: Git, asked: _Request) -> Baseline:
    """Before the commit that an earlier call made, where there is one, else where the branch stands."""
    made = find_feature_commit(git, asked.workflow_id, asked.number)
    return Baseline(git.resolve(f"{made}^" if made else "HEAD"), "")


def _objection(git: Git, changes: ChangeSet, allowed: Collection[str]) -> str:
    if changes.touched_users:
        paths = name_paths(change.path for change in changes.touched_users)
        return f"What the user had uncommitted before was changed, and can't be told apart any more: {paths}."
    held = held_paths(git, changes, working_versions(git, changes.mine), allowed=allowed)
    return " ".join(f"{path.path} {path.reason}. {path.how_to_allow}" for path in held)


def _publish(asked: _Request, publisher: Publisher, commit: Commit, base: str, result: _Result) -> None:
    work = Work(
        index=asked.number - 1,
        text=asked.text,
        commit=commit.sha,
        branch=commit.branch,
        base=base,
        files=commit.files,
        checks=asked.checks,
        issue=asked.issue or closing_issue(asked.text),
    )
    if work.issue is None:
        result.skipped.setdefault("issue_close", "the feature names no issue that it closes")
    if work.branch == base:
        result.skipped.setdefault("pr", f"the work is on {base} itself")
    for step in publisher.publish([work], BREAKER):
        if step.operation is not None:
            result.operations[step.name] = to_json(step.operation)


def _failed(asked: _Request, error: str) -> JsonObject:
    failed: JsonObject = to_json(failure_record(error, timestamp(asked.now())))
    return failed


def _as_dict(workflow_id: str, result: _Result) -> JsonObject:
    operations = result.operations
    errors = [*result.errors, *(done["error"] for done in operations.values() if done.get("error"))]
    needed = {"consent": "needed", "question": result.question, "text": FIRST_RUN[GIT].text}
    return {
        "workflow_id": workflow_id,
        "success": not errors and not result.question,
        **(needed if result.question else {}),
        **operations,
        "commit_sha": operations.get("commit", {}).get("sha", ""),
        "pushed": operations.get("push", {}).get("success", False),
        "pr_url": operations.get("pr", {}).get("url", ""),
        "issue_closed": operations.get("issue_close", {}).get("success", False),
        "skipped": {name: why for name, why in result.skipped.items() if name not in operations},
        "errors": errors,
    }
