"""One pull request per branch: opened once, found again after a crash, kept up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.delivery.pull_request_text import marked, updated_body, updated_title
from batch_implement.errors import ProcessError
from batch_implement.system.github.errors import Failure, GitHubCallError

if TYPE_CHECKING:
    from batch_implement.system.github.github import GitHub
    from batch_implement.system.github.values import PullRequest


@dataclass(frozen=True)
class PullRequestRecord:
    """What came of a pull request; written into the state as the operation ``pr``.

    ``state`` is ``open``, ``closed`` or ``merged``. ``failure`` is the kind of what went wrong and
    ``error`` its sentence.
    """

    success: bool
    number: int | None = None
    url: str = ""
    state: str = ""
    draft: bool = False
    created: bool = False
    updated: bool = False
    error: str = ""
    failure: Failure | None = None


def ensure_pull_request(
    github: GitHub,
    *,
    branch: str,
    base: str,
    title: str,
    body: str,
    draft: bool,
    known: int | None = None,
) -> PullRequestRecord:
    """Open the branch's pull request, or bring the open one up to date; never raises for gh or GitHub.

    ``known`` is the number recorded earlier: when a person has closed or merged that one, it is left alone
    and no other is opened.
    """
    try:
        pull = github.pull_request(known) if known else github.open_pull_request_of(branch)
        if pull is None:
            _refuse_itself(branch, base)
            text = marked(title, body)
            try:
                opened = github.create_pull_request(
                    branch=branch, base=base, title=title, body=text, draft=draft
                )
                return _record(opened, created=True)
            except GitHubCallError as error:
                pull = _opened_meanwhile(github, branch, error)
        return _update(github, pull, title, body)
    except ProcessError as error:
        return _failed(error, known)


def mark_ready(github: GitHub, number: int) -> PullRequestRecord:
    """Turn the draft into a pull request that is ready for review; one that is none is left as it is."""
    try:
        pull = github.pull_request(number)
        if not pull.draft or pull.state != "open":
            return _record(pull)
        github.mark_ready(pull)
        return _record(pull, draft=False, updated=True)
    except ProcessError as error:
        return _failed(error, number)


def _refuse_itself(branch: str, base: str) -> None:
    if branch == base:
        raise GitHubCallError(
            Failure.REFUSED,
            f"A pull request from {branch!r} into itself can't be opened. Work on a branch of its own "
            "(AUTO_GIT_BRANCH=batch).",
        )


def _opened_meanwhile(github: GitHub, branch: str, error: GitHubCallError) -> PullRequest:
    """The pull request that stands in the way: an earlier call opened it and its answer was lost."""
    found = github.open_pull_request_of(branch) if "already exists" in str(error) else None
    if found is None:
        raise error
    return found


def _update(github: GitHub, pull: PullRequest, title: str, body: str) -> PullRequestRecord:
    if pull.state != "open":
        return _record(pull)
    new_title = updated_title(pull.title, pull.body, title)
    new_body = updated_body(pull.body, new_title, body)
    if (new_title, new_body) == (pull.title, pull.body.replace("\r\n", "\n")):
        return _record(pull)
    return _record(github.edit_pull_request(pull.number, title=new_title, body=new_body), updated=True)


def _record(
    pull: PullRequest, *, draft: bool | None = None, created: bool = False, updated: bool = False
) -> PullRequestRecord:
    return PullRequestRecord(
        success=True,
        number=pull.number,
        url=pull.url,
        state=pull.state,
        draft=pull.draft if draft is None else draft,
        created=created,
        updated=updated,
    )


def _failed(error: ProcessError, number: int | None) -> PullRequestRecord:
    if isinstance(error, GitHubCallError):
        return PullRequestRecord(False, number, error=str(error), failure=error.failure)
    return PullRequestRecord(False, number, error=str(error), failure=Failure.MISSING)
