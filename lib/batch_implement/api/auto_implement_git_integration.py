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
    asked = _Workflow(
        workflow_id, request, message, issue_number, feature_number, baseline, checks, allowed, now
    )
    try:
        asked.run(Git.open(root or Path.cwd()), in_batch_mode=in_batch_mode)
    except (BatchImplementError, OSError) as error:
        asked.errors.append(str(error))
    return asked.as_dict()


@dataclass
class _Workflow:
    """What the caller gave, and what has come of it so far."""

    workflow_id: str
    text: str
    message: str
    issue: int | None
    number: int
    baseline: Baseline | None
    checks: str
    allowed: Collection[str]
    now: Clock
    operations: JsonObject = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    question: str = ""

    def run(self, git: Git, *, in_batch_mode: bool) -> None:
        config = load_config(git.root)
        answers = UserState(Path.home()).read()
        if not in_batch_mode and consent(GIT, config, answers) is Consent.ASK:
            self.question = FIRST_RUN[GIT].question
            return
        condition = read_condition(git)
        github = GitHub(git.root)
        settings = read_git_settings(config, git, condition, github, answers)
        self.skipped |= settings.skipped
        if not settings.commit:
            return
        if problems := obstacles(condition):
            raise GitError(" ".join(problems))
        plan = plan_branch(
            condition,
            settings.branch_mode,
            batch_id=self.workflow_id,
            feature_number=self.number,
            feature_text=self.text,
            with_pull_requests=settings.pull_request,
        )
        commit = self._commit(git, plan)
        if commit is None:
            return
        base = condition.default_branch or condition.branch
        if plan.mode != "current" and condition.branch != plan.name:
            base = condition.branch
        publisher = Publisher(
            git=git,
            github=github,
            batch_id=self.workflow_id,
            route=Route(settings.remote, settings.push, settings.pull_request, settings.close_issues),
            now=self.now,
        )
        self._publish(publisher, commit, base)

    def _commit(self, git: Git, plan: BranchPlan) -> Commit | None:
        baseline = self.baseline or self._baseline(git)
        changes = changes_since(git, baseline)
        try:
            if objection := _objection(git, changes, self.allowed):
                raise GitError(objection)
            if changes.pending:
                prepare_branch(git, plan)
            commit = commit_feature(
                git,
                changes,
                self.message or build_message(self.text, issue_number=self.issue),
                baseline=replace(baseline, branch=""),
                batch_id=self.workflow_id,
                feature_number=self.number,
            )
        except BatchImplementError as error:
            self.operations["commit"] = to_json(failure_record(str(error), timestamp(self.now())))
            return None
        self.operations["commit"] = to_json(commit_record(commit, timestamp(self.now())))
        return commit

    def _baseline(self, git: Git) -> Baseline:
        """Before the commit that an earlier call made, where there is one, else where the branch stands."""
        made = find_feature_commit(git, self.workflow_id, self.number)
        return Baseline(git.resolve(f"{made}^" if made else "HEAD"), "")

    def _publish(self, publisher: Publisher, commit: Commit, base: str) -> None:
        work = Work(
            index=self.number - 1,
            text=self.text,
            commit=commit.sha,
            branch=commit.branch,
            base=base,
            files=commit.files,
            checks=self.checks,
            issue=self.issue or closing_issue(self.text),
        )
        if work.issue is None:
            self.skipped.setdefault("issue_close", "the feature names no issue that it closes")
        if work.branch == base:
            self.skipped.setdefault("pr", f"the work is on {base} itself")
        for step in publisher.publish([work], BREAKER):
            if step.operation is not None:
                self.operations[step.name] = to_json(step.operation)

    def as_dict(self) -> JsonObject:
        operations = self.operations
        errors = [*self.errors, *(done["error"] for done in operations.values() if done.get("error"))]
        needed = {"consent": "needed", "question": self.question, "text": FIRST_RUN[GIT].text}
        return {
            "workflow_id": self.workflow_id,
            "success": not errors and not self.question,
            **(needed if self.question else {}),
            **operations,
            "commit_sha": operations.get("commit", {}).get("sha", ""),
            "pushed": operations.get("push", {}).get("success", False),
            "pr_url": operations.get("pr", {}).get("url", ""),
            "issue_closed": operations.get("issue_close", {}).get("success", False),
            "skipped": {name: why for name, why in self.skipped.items() if name not in operations},
            "errors": errors,
        }


def _objection(git: Git, changes: ChangeSet, allowed: Collection[str]) -> str:
    if changes.touched_users:
        paths = name_paths(change.path for change in changes.touched_users)
        return f"What the user had uncommitted before was changed, and can't be told apart any more: {paths}."
    held = held_paths(git, changes, working_versions(git, changes.mine), allowed=allowed)
    return " ".join(f"{path.path} {path.reason}. {path.how_to_allow}" for path in held)
