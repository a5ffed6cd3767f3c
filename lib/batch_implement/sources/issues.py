"""Features from GitHub issues: all of those asked for, or an error and none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURES
from batch_implement.sources.base import Feature, FeatureSource
from batch_implement.sources.issue_body import cut_body
from batch_implement.sources.issue_links import linked_issues
from batch_implement.sources.issue_selection import IssueSelection
from batch_implement.system.github.github import GitHub
from batch_implement.system.github.values import Issue
from batch_implement.system.text.cleaning import one_line
from batch_implement.system.text.shortening import some_of

_TITLE_LIMIT = 300
_NAMED = 10


def fetch_features(selection: IssueSelection, github: GitHub) -> FeatureSource:
    """The issues as features, in the order of the numbers given, or by number.

    Raises :class:`PlanError` when an issue, label or milestone is not there, a number is a pull request,
    or nothing is left to do; what gh or GitHub refuses comes through as ``GitHubCallError``.
    """
    issues = _by_number(selection, github) if selection.numbers else _by_name(selection, github)
    closed = [issue.number for issue in issues if issue.closed]
    notices = list(selection.notices)
    if closed and not selection.include_closed:
        notices.append(_closed_notice(closed))
        issues = [issue for issue in issues if not issue.closed]
    if not issues:
        raise PlanError(_nothing_left(selection, closed))
    return FeatureSource(_features(issues, github.repository().full_name), "issues", notices=tuple(notices))


def feature_text(issue: Issue) -> str:
    """``Issue #72: Add login``, one line."""
    return f"Issue #{issue.number}: {one_line(issue.title, _TITLE_LIMIT) or '(no title)'}"


def _by_number(selection: IssueSelection, github: GitHub) -> list[Issue]:
    found = github.issues(selection.numbers)
    where = github.repository().full_name
    missing = [number for number in selection.numbers if number not in found]
    if missing:
        raise PlanError(
            f"{where} has no issue {_listed(missing)}. Nothing was started; check the numbers and try again."
        )
    pulls = [number for number in selection.numbers if found[number].is_pull_request]
    if pulls:
        raise PlanError(
            f"{_listed(pulls)} of {where} is a pull request and not an issue. "
            "Nothing was started; leave it out and try again."
        )
    return [found[number] for number in selection.numbers]


def _by_name(selection: IssueSelection, github: GitHub) -> list[Issue]:
    found = github.issues_with(
        labels=selection.labels,
        milestone=selection.milestone,
        include_closed=selection.include_closed,
        limit=MAX_FEATURES + 1,
    )
    where = github.repository().full_name
    if found is None:
        raise PlanError(f"{where} has no milestone “{one_line(selection.milestone, 100)}”. Check its name.")
    if not found:
        for label in selection.labels:
            if not github.has_label(label):
                raise PlanError(f"{where} has no label “{one_line(label, 100)}”. Check its name.")
    if len(found) > MAX_FEATURES:
        raise PlanError(
            f"More than {MAX_FEATURES:,} issues of {where} fit. A batch takes {MAX_FEATURES:,} at most; "
            "add a --label or a --milestone."
        )
    return list(found)


def _features(issues: Sequence[Issue], repository: str) -> tuple[Feature, ...]:
    position = {issue.number: index for index, issue in enumerate(issues)}
    return tuple(
        Feature(
            text=feature_text(issue),
            issue_number=issue.number,
            body=cut_body(issue.body, f"gh issue view {issue.number}"),
            depends_on=tuple(
                position[number]
                for number in linked_issues(issue.body, repository)
                if number in position and number != issue.number
            ),
        )
        for issue in issues
    )


def _closed_notice(numbers: Sequence[int]) -> str:
    is_closed = "is closed and" if len(numbers) == 1 else "are closed and"
    return f"{_listed(numbers)} {is_closed} left out; --include-closed takes closed issues too."


def _nothing_left(selection: IssueSelection, closed: Sequence[int]) -> str:
    if closed:
        return f"Every issue asked for is closed ({_listed(closed)}). Add --include-closed to take them."
    state = "issue" if selection.include_closed else "open issue"
    words = [f"label “{one_line(label, 100)}”" for label in selection.labels]
    words += [f"milestone “{one_line(selection.milestone, 100)}”"] if selection.milestone else []
    return f"No {state} has {' and '.join(words)}. Nothing was started; check the names, or --include-closed."


def _listed(numbers: Iterable[int]) -> str:
    return some_of([f"#{number}" for number in numbers], _NAMED)
