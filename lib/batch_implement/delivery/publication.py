"""From a commit to the world: push, pull request, closed issue, each as a record and never as an error.

The caller keeps the records and asks again for what has not succeeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.batch_issue_closer import close_issue
from batch_implement.delivery.operation import OperationRecord
from batch_implement.delivery.pull_request import (
    ensure_pull_request,
    mark_ready,
    pull_request_body,
    pull_request_title,
)
from batch_implement.delivery.push import push
from batch_implement.errors import BatchImplementError
from batch_implement.system.clock import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from batch_implement.delivery.closer_breaker import CloserBreaker
    from batch_implement.delivery.pull_request_text import FeatureSummary
    from batch_implement.system.clock import Clock
    from batch_implement.system.git import Git
    from batch_implement.system.github import GitHub


@dataclass(frozen=True)
class Pushed:
    """``moved`` pairs commits before and after a rebase onto the remote's branch, where there was one."""

    record: OperationRecord
    moved: tuple[tuple[str, str], ...] = ()


def push_branch(
    git: Git, remote: str, branch: str, *, checks_pass: Callable[[Path], bool] | None, now: Clock
) -> Pushed:
    """Push; whatever the remote, the network or git says becomes the record's ``error``."""
    where = {"branch": branch, "remote": remote}
    try:
        result = push(git, remote, branch, checks_pass=checks_pass)
    except BatchImplementError as error:
        record = OperationRecord("push", False, timestamp(now()), {**where, "error": str(error)})
        return Pushed(record)
    said = {"sha": result.sha} if result.ok else {"error": result.sentence, "outcome": result.outcome}
    record = OperationRecord("push", result.ok, timestamp(now()), {**where, **said})
    return Pushed(record, result.rebased or ())


def keep_pull_request(
    github: GitHub,
    features: Sequence[FeatureSummary],
    *,
    branch: str,
    base: str,
    draft: bool,
    known: int | None,
    now: Clock,
) -> OperationRecord:
    """Open the branch's pull request or bring it up to date; once ``draft`` is False it is made ready."""
    found = ensure_pull_request(
        github,
        branch=branch,
        base=base,
        title=pull_request_title(features),
        body=pull_request_body(features),
        draft=draft,
        known=known,
    )
    if found.success and found.draft and not draft and found.number is not None:
        found = mark_ready(github, found.number)
    fields = {"branch": branch, "number": found.number, "url": found.url, "draft": found.draft}
    if found.error:
        fields["error"] = found.error
    kept = {name: value for name, value in fields.items() if value not in {None, ""}}
    return OperationRecord("pr", found.success, timestamp(now()), kept)


def close(
    github: GitHub,
    issue: int,
    *,
    commit: str,
    branch: str,
    files: Sequence[str],
    checks: str,
    breaker: CloserBreaker,
    now: Clock,
) -> tuple[OperationRecord, CloserBreaker]:
    """Close a feature's issue, unless the breaker is open; returns the breaker after it, too."""
    moment = now().timestamp()
    if not breaker.allows(moment):
        skipped = "Not tried: closing issues failed five times in a row. See what failed, then reset-breaker."
        return OperationRecord(
            "issue_close", False, timestamp(now()), {"number": issue, "error": skipped}
        ), breaker
    found = close_issue(github, issue, commit=commit, branch=branch, files=files, checks=checks)
    fields = {"number": issue, "url": found.url, "error": found.error}
    if found.already_closed:
        fields["already_closed"] = True
    kept = {name: value for name, value in fields.items() if value != ""}
    record = OperationRecord("issue_close", found.success, timestamp(now()), kept)
    return record, found.breaker_after(breaker, moment)
