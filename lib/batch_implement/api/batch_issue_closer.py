"""The documented calls on closing a feature's issue after its push."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from batch_implement.delivery import issue_closing
from batch_implement.delivery.issue_closing import IssueClose
from batch_implement.delivery.issue_references import closing_issue as issue_number
from batch_implement.model.breaker import Breaker, from_json
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.state.state_file import StateFile
from batch_implement.system.github.github import GitHub

__all__ = ["breaker", "close_issue", "issue_number", "reset_breaker"]


def close_issue(
    root: Path, issue: int, *, commit: str, branch: str, files: Sequence[str] = (), checks: str = ""
) -> IssueClose:
    """Comment on the issue and close it; never raises for what gh or GitHub does. Call it after the push.

    ``commit`` is the full hash, ``checks`` a line on how it was proven.
    """
    return issue_closing.close_issue(
        GitHub(root), issue, commit=commit, branch=branch, files=files, checks=checks
    )


def breaker(state_file: str | os.PathLike[str]) -> Breaker:
    """The batch's breaker for GitHub: ask it (``allows``) before closing an issue."""
    return from_json(StateFile(state_file, unversioned=True).read().github_breaker, issue_closing.BREAKER)


def reset_breaker(state_file: str | os.PathLike[str]) -> None:
    """Close the breaker, after a look at what failed."""
    StateFile(state_file, unversioned=True).update(
        lambda batch: Transition("breakers_reset", replace(batch, github_breaker=None))
    )
