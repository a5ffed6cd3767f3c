"""GitHub in the words of this program: issues, comments and pull requests of the project's repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from batch_implement.json_types import JsonMapping
from batch_implement.system.github import queries
from batch_implement.system.github.cli import GitHubCli
from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.github.values import (
    DRAFTS_NOT_SUPPORTED,
    Issue,
    IssueThread,
    PullRequest,
    issue_from,
    pull_request_from,
    thread_from,
)

# Their longest bodies together stay below the limit of an answer.
ISSUES_PER_CALL = 25
# Pages have an end even where what answers for GitHub always says that there is one more.
LISTING_PAGES = 100
COMMENT_PAGES = 10


class GitHub(GitHubCli):
    """GitHub as the project sees it."""

    def issues(self, numbers: Sequence[int]) -> dict[int, Issue]:
        """The issues and pull requests with these numbers; a number that is neither is left out."""
        found: dict[int, Issue] = {}
        for start in range(0, len(numbers), ISSUES_PER_CALL):
            some = [int(number) for number in numbers[start : start + ISSUES_PER_CALL]]
            named = " ".join(f"#{number}" for number in some[:3]) + (" …" if len(some) > 3 else "")
            answer = self.in_repository(queries.issues(some), {}, f"reading {named}")
            for number in some:
                issue = issue_from(answer.get(f"n{number}"), self.repository())
                if issue is not None and issue.number == number:
                    found[number] = issue
        return found

    def issues_with(
        self, *, labels: Sequence[str] = (), milestone: str = "", include_closed: bool = False, limit: int
    ) -> tuple[Issue, ...] | None:
        """Issues that carry all the labels and belong to the milestone, by number, at most ``limit``.

        None when the repository has no such milestone. Pull requests are not among them.
        """
        number = self._milestone_number(milestone) if milestone else None
        if milestone and number is None:
            return None
        variables = {
            "labels": list(labels) or None,
            "states": ["OPEN", "CLOSED"] if include_closed else ["OPEN"],
        }
        issues: list[Issue] = []
        for page in self._issue_pages(number, variables):
            issues += page
            if len(issues) >= limit:
                break
        return tuple(sorted(issues[:limit], key=lambda issue: issue.number))

    def has_label(self, name: str) -> bool:
        """Whether the repository has a label of this name (GitHub ignores case there)."""
        found = self.in_repository(queries.LABEL, {"label": name}, "looking for a label")
        return found.get("label") is not None

    def issue_thread(self, number: int, marker: str) -> IssueThread | None:
        """The issue's state, and whether this login has commented on it with ``marker`` in the text.

        None when there is no such issue. The last 1,000 comments are looked at.
        """
        query, before = queries.thread(int(number)), None
        for _ in range(COMMENT_PAGES):
            found = self.in_repository(query, {"before": before}, f"reading issue #{number}")
            thread = thread_from(found.get("issueOrPullRequest"), self.repository(), marker)
            if thread is None or thread.has_comment or thread.earlier is None:
                break
            before = thread.earlier
        return thread

    def comment(self, number: int, text: str) -> None:
        self.rest("POST", f"issues/{int(number)}/comments", {"body": text}, f"commenting on #{number}")

    def close_issue(self, number: int) -> None:
        fields = {"state": "closed", "state_reason": "completed"}
        self.rest("PATCH", f"issues/{int(number)}", fields, f"closing issue #{number}")

    def open_pull_request_of(self, branch: str) -> PullRequest | None:
        """The open pull request from this branch, whatever it is to be merged into; the newest of several."""
        owner = self.repository().owner
        # gh replaces ":branch" and "{repo}" in an address: urlencode leaves neither ":" nor "{" as it is.
        query = urlencode({"state": "open", "head": f"{owner}:{branch}", "per_page": "10"})
        found = self.rest("GET", f"pulls?{query}", None, "looking for the branch's pull request")
        pulls = (
            pull_request_from(item, self.repository()) for item in (found if isinstance(found, list) else [])
        )
        of_branch = [pull for pull in pulls if pull is not None and pull.head == branch]
        return max(of_branch, key=lambda pull: pull.number, default=None)

    def pull_request(self, number: int) -> PullRequest:
        return self._pull_request("GET", f"pulls/{int(number)}", None, f"reading pull request #{number}")

    def create_pull_request(
        self, *, branch: str, base: str, title: str, body: str, draft: bool
    ) -> PullRequest:
        """Open a pull request; a repository without drafts gets one that is ready for review."""
        fields = {"head": branch, "base": base, "title": title, "body": body}
        call = "opening a pull request"
        try:
            return self._pull_request("POST", "pulls", {**fields, "draft": draft}, call)
        except GitHubCallError as error:
            if not (draft and DRAFTS_NOT_SUPPORTED in str(error).lower()):
                raise
        return self._pull_request("POST", "pulls", {**fields, "draft": False}, call)

    def edit_pull_request(self, number: int, *, title: str, body: str) -> PullRequest:
        call = f"updating pull request #{number}"
        return self._pull_request("PATCH", f"pulls/{int(number)}", {"title": title, "body": body}, call)

    def mark_ready(self, pull: PullRequest) -> None:
        call = f"marking pull request #{pull.number} as ready"
        self.graphql(queries.MARK_READY, {"id": pull.node_id}, call)

    def _pull_request(self, method: str, path: str, fields: object, call: str) -> PullRequest:
        pull = pull_request_from(self.rest(method, path, fields, call), self.repository())
        if pull is None:
            raise GitHubCallError(
                Failure.INVALID_ANSWER,
                f"GitHub's answer is no pull request of {self.repository().full_name} ({call}). "
                "Look at the repository's pull requests before trying again.",
            )
        return pull

    def _issue_pages(self, milestone: int | None, variables: JsonMapping) -> Iterator[list[Issue]]:
        query, after = queries.listing(milestone, ISSUES_PER_CALL), None
        for _ in range(LISTING_PAGES):
            found = self.in_repository(query, {**variables, "after": after}, "listing issues")
            inside = found if milestone is None else (found.get("milestone") or {})
            page = inside.get("issues") or {}
            read = (issue_from(node, self.repository()) for node in page.get("nodes") or [])
            yield [issue for issue in read if issue is not None]
            following = page.get("pageInfo") or {}
            if not following.get("hasNextPage"):
                return
            after = following.get("endCursor")

    def _milestone_number(self, title: str) -> int | None:
        found = self.in_repository(queries.MILESTONES, {"title": title}, "looking for a milestone")
        nodes = (found.get("milestones") or {}).get("nodes") or []
        same = [node for node in nodes if str(node.get("title", "")).casefold() == title.casefold()]
        exact = [node for node in same if node.get("title") == title]
        return int((exact or same)[0]["number"]) if same else None
