"""What is asked of GitHub in GraphQL.

Issue numbers are written into a query (one query asks for many); every text is a variable.
"""

from __future__ import annotations

from collections.abc import Sequence

_ISSUE = """
fragment issue on Issue {
  __typename number title body state url
  repository { nameWithOwner }
}"""

_PULL_REQUEST = """
fragment pull on PullRequest { __typename number title url repository { nameWithOwner } }"""

MARK_READY = """
mutation($id: ID!) {
  markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } }
}"""


def in_repository(selection: str, parameters: str = "") -> str:
    """A query for something inside the repository ``$owner/$name``, which always tells its own name."""
    return (
        f"query($owner: String!, $name: String!{parameters}) {{"
        f" repository(owner: $owner, name: $name) {{ nameWithOwner {selection} }} }}"
    )


NAME = in_repository("")
LABEL = in_repository("label(name: $label) { name }", ", $label: String!")
MILESTONES = in_repository(
    "milestones(first: 100, query: $title) { nodes { number title } }", ", $title: String!"
)


def issues(numbers: Sequence[int]) -> str:
    """The issues and pull requests with these numbers, under the names ``n72``, ``n73``, …"""
    asked = (f"n{number}: issueOrPullRequest(number: {number}) {{ ...issue ...pull }}" for number in numbers)
    return in_repository(" ".join(asked)) + _ISSUE + _PULL_REQUEST


def listing(milestone: int | None, page: int) -> str:
    """A page of issues by label and state, of a milestone or of the whole repository."""
    issues_asked = (
        f"issues(first: {page}, after: $after, labels: $labels, states: $states,"
        " orderBy: {field: CREATED_AT, direction: ASC})"
        " { nodes { ...issue } pageInfo { hasNextPage endCursor } }"
    )
    selection = issues_asked if milestone is None else f"milestone(number: {milestone}) {{ {issues_asked} }}"
    return in_repository(selection, ", $after: String, $labels: [String!], $states: [IssueState!]") + _ISSUE


def thread(number: int) -> str:
    """An issue with the last of its comments before ``$before``."""
    comments = (
        "comments(last: 100, before: $before)"
        " { nodes { body viewerDidAuthor } pageInfo { hasPreviousPage startCursor } }"
    )
    asked = f"issueOrPullRequest(number: {number}) {{ ...issue ...pull ... on Issue {{ {comments} }} }}"
    return in_repository(asked, ", $before: String") + _ISSUE + _PULL_REQUEST
