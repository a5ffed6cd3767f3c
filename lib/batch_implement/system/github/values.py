"""What GitHub's answers hold, as values; whatever does not have the expected shape is None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from batch_implement.json_types import JsonObject
from batch_implement.system.github.repository import Repository

# Part of GitHub's words when drafts are asked for in a repository whose plan has none.
DRAFTS_NOT_SUPPORTED = "draft pull requests are not supported"


@dataclass(frozen=True)
class Issue:
    """An issue or pull request as its author wrote it: title and body are not cleaned."""

    number: int
    title: str
    body: str
    closed: bool
    url: str
    is_pull_request: bool = False


@dataclass(frozen=True)
class IssueThread:
    """An issue, and whether a comment of ours was found; ``earlier`` is where older comments begin."""

    issue: Issue
    has_comment: bool
    earlier: str | None


@dataclass(frozen=True)
class PullRequest:
    """A pull request; ``state`` is ``open``, ``closed`` or ``merged``, ``node_id`` its GraphQL name."""

    number: int
    url: str
    state: str
    draft: bool
    title: str
    body: str
    head: str
    node_id: str


def issue_from(found: Any, repository: Repository) -> Issue | None:
    """The issue of a GraphQL answer, if it is one of this repository (a transferred one is not)."""
    if not isinstance(found, dict) or not isinstance(found.get("number"), int):
        return None
    if not repository.is_named(str(_field(found, "repository", "nameWithOwner"))):
        return None
    return Issue(
        number=found["number"],
        title=str(found.get("title") or ""),
        body=str(found.get("body") or ""),
        closed=found.get("state") == "CLOSED",
        url=str(found.get("url") or ""),
        is_pull_request=found.get("__typename") == "PullRequest",
    )


def thread_from(found: Any, repository: Repository, marker: str) -> IssueThread | None:
    """The thread of a GraphQL answer; only this login's own comments count for ``marker``."""
    issue = issue_from(found, repository)
    if issue is None:
        return None
    comments = _field(found, "comments", "nodes") or []
    ours = (node for node in comments if isinstance(node, dict) and node.get("viewerDidAuthor") is True)
    page = _field(found, "comments", "pageInfo") or {}
    return IssueThread(
        issue=issue,
        has_comment=any(marker in str(node.get("body")) for node in ours),
        earlier=page.get("startCursor") if page.get("hasPreviousPage") else None,
    )


def pull_request_from(found: Any, repository: Repository) -> PullRequest | None:
    """The pull request of a REST answer, if it is one into this repository."""
    if not isinstance(found, dict) or not isinstance(found.get("number"), int):
        return None
    base = found.get("base")
    if not isinstance(base, dict) or not repository.is_named(str(_field(base, "repo", "full_name"))):
        return None
    state = "merged" if found.get("merged_at") else str(found.get("state") or "")
    return PullRequest(
        number=found["number"],
        url=str(found.get("html_url") or ""),
        state=state,
        draft=bool(found.get("draft")),
        title=str(found.get("title") or ""),
        body=str(found.get("body") or ""),
        head=str(_field(found, "head", "ref") or ""),
        node_id=str(found.get("node_id") or ""),
    )


def _field(found: JsonObject, outer: str, inner: str) -> Any:
    value = found.get(outer)
    return value.get(inner) if isinstance(value, dict) else None
