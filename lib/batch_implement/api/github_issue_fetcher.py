"""The documented call that makes features of issues."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from batch_implement.sources.issue_selection import IssueSelection
from batch_implement.sources.issues import fetch_features
from batch_implement.system.github.github import GitHub


def fetch_issue_features(root: Path, issue_numbers: Sequence[int]) -> list[str]:
    """``Issue #72: Add login`` for each of the numbers, closed ones too, in the order given.

    Raises :class:`PlanError` when one is not there or is a pull request, ``GitHubCallError`` for what gh or
    GitHub refuses.
    """
    selection = IssueSelection(numbers=tuple(issue_numbers), include_closed=True)
    return [feature.text for feature in fetch_features(selection, GitHub(root)).features]
