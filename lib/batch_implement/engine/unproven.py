"""Commits that a batch which was ended has left behind: made while a feature was at work, and proven by
nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.state.past_batches import past_batches
from batch_implement.system.text.shortening import some_of

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.attempt import Attempt
    from batch_implement.model.batch import Batch

_NAMED = 3
_SHORT = 10


def unproven_commits(project: Project, branch: str) -> list[str]:
    """A sentence for who begins the next batch on that branch, where there are any."""
    past = past_batches(project.home)
    last = past[-1] if past else None
    if last is None or last.status != "cancelled":
        return []
    found = [commit for one in last.open_attempts.values() for commit in _since(project, last, one, branch)]
    if not found:
        return []
    named = some_of([commit[:_SHORT] for commit in found], _NAMED)
    return [
        f"{branch} has commits that were made in batch {last.batch_id}, which was ended, and that nothing "
        f"has proven: {named}. What they changed counts as given here; look at them."
    ]


def _since(project: Project, batch: Batch, attempt: Attempt, branch: str) -> list[str]:
    baseline = attempt.baseline
    if baseline is None or not baseline.commit or baseline.branch != branch:
        return []
    try:
        made = project.git.text(
            "rev-list", f"--before={batch.updated_at}", "HEAD", f"^{baseline.commit}", "--"
        ).split()
    except GitError:  # the repository has it no more
        return []
    proven = {entry.commit for entry in batch.evidence.values()}
    return [commit for commit in made if commit not in proven]
