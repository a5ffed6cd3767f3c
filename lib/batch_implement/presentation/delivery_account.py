"""What git and GitHub did for a batch, for the report: per feature, and what is left for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.system.text.cleaning import markdown_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import Operation

    Operations = Mapping[str, Operation]

_ERROR = 300
_NAMES = {"push": "not pushed", "pr": "no pull request", "issue_close": "issue not closed"}


def outcome_of(operations: Operations) -> list[str]:
    """How far a feature's commit came: ``pushed to origin``, ``pull request URL``, ``#72 closed``."""
    done = {name: operation for name, operation in operations.items() if operation.success}
    said = []
    if "push" in done:
        said.append(f"pushed to {done['push'].remote or 'the remote'}")
    if "pr" in done:
        said.append(f"pull request {done['pr'].url or done['pr'].number}")
    if "issue_close" in done:
        closed = "was closed already" if done["issue_close"].already_closed else "closed"
        said.append(f"#{done['issue_close'].number} {closed}")
    return said + [words for name, words in _NAMES.items() if name in operations and name not in done]


def left_to_do(batch: Batch) -> list[str]:
    """What a person has to do about git: failures by their reason with the features they met, then looking
    at the result."""
    reasons: dict[tuple[str, str], list[int]] = {}
    for index, operations in batch.git_operations.items():
        for name, words in _NAMES.items():
            if name in operations and not operations[name].success:
                why = markdown_text(operations[name].error, _ERROR)
                reasons.setdefault((words, why), []).append(index + 1)
    lines = [
        f"{_features(numbers)}: {words}. {why}"
        for (words, why), numbers in sorted(reasons.items(), reverse=True)
    ]
    if batch.github_breaker is not None and batch.github_breaker.get("opened_at") is not None:
        lines.append(
            "Closing issues was given up after five failures in a row: `batch-implement reset-breaker`."
        )
    return lines + _look(batch)


def _look(batch: Batch) -> list[str]:
    commits = {index: commit for index in batch.git_operations if (commit := batch.commit_of(index))}
    if not commits:
        return []
    urls = dict.fromkeys(
        batch.git_operations[index]["pr"].url
        for index in commits
        if "pr" in batch.git_operations[index] and batch.git_operations[index]["pr"].url
    )
    if urls:
        return [f"Review and merge: {', '.join(urls)}"]
    branches = dict.fromkeys(commit.branch for commit in commits.values() if commit.branch)
    named = f" on {', '.join(branches)}" if branches else ""
    pushed = all("push" in outcome and outcome["push"].success for outcome in _of(batch, commits))
    # Where nothing was to be pushed there is no remote, or the user wants it so.
    remote = batch.delivery.remote if batch.delivery is not None else ""
    push = f", and push them: `git push {remote}`" if remote and not pushed else ""
    return [f"Review the commits{named} (`git log`){push}."]


def _of(batch: Batch, indices: Mapping[int, Operation]) -> list[Operations]:
    return [batch.git_operations[index] for index in indices]


def _features(numbers: list[int]) -> str:
    ordered = [str(number) for number in sorted(numbers)]
    return f"Feature {ordered[0]}" if len(ordered) == 1 else f"Features {', '.join(ordered)}"
