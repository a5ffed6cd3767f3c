"""What git and GitHub did for a batch, for the report: per feature, and what is left for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.system.text.cleaning import one_line

if TYPE_CHECKING:
    from batch_implement.model.progress import Fields

_ERROR = 300
_NAMES = {"push": "not pushed", "pr": "no pull request", "issue_close": "issue not closed"}


def outcome_of(operations: dict[str, Any]) -> list[str]:
    """How far a feature's commit came: ``pushed to origin``, ``pull request URL``, ``#72 closed``."""
    said = []
    push, pull, issue = (operations.get(name) or {} for name in ("push", "pr", "issue_close"))
    if push.get("success"):
        said.append(f"pushed to {push.get('remote', 'the remote')}")
    if pull.get("success"):
        said.append(f"pull request {pull.get('url') or pull.get('number')}")
    if issue.get("success"):
        said.append(
            f"#{issue.get('number')} {'was closed already' if issue.get('already_closed') else 'closed'}"
        )
    return said + [
        words for name, words in _NAMES.items() if (operations.get(name) or {}).get("success") is False
    ]


def left_to_do(fields: Fields) -> list[str]:
    """What a person has to do about git: failures by their reason with the features they met, then looking
    at the result."""
    operations = fields.get("git_operations") or {}
    reasons: dict[tuple[str, str], list[int]] = {}
    for index, done in operations.items():
        for name, words in _NAMES.items():
            if (done.get(name) or {}).get("success") is False:
                why = one_line(str(done[name].get("error", "")), _ERROR)
                reasons.setdefault((words, why), []).append(int(index) + 1)
    lines = [
        f"{_features(numbers)}: {words}. {why}"
        for (words, why), numbers in sorted(reasons.items(), reverse=True)
    ]
    if fields.get("github_breaker") and (fields["github_breaker"] or {}).get("opened_at") is not None:
        lines.append(
            "Closing issues was given up after five failures in a row: batch-implement reset-breaker"
        )
    return lines + _look(operations)


def _look(operations: dict[str, Any]) -> list[str]:
    committed = {
        index: done for index, done in operations.items() if (done.get("commit") or {}).get("success")
    }
    if not committed:
        return []
    urls = dict.fromkeys(
        done["pr"]["url"] for done in committed.values() if (done.get("pr") or {}).get("url")
    )
    if urls:
        return [f"Review and merge: {', '.join(urls)}"]
    branches = dict.fromkeys(str(done["commit"].get("branch", "")) for done in committed.values())
    named = f" on {', '.join(filter(None, branches))}" if any(branches) else ""
    pushed = all((done.get("push") or {}).get("success") for done in committed.values())
    return [f"Review the commits{named} (git log){'' if pushed else ', and push them: git push'}."]


def _features(numbers: list[int]) -> str:
    ordered = [str(number) for number in sorted(numbers)]
    return f"Feature {ordered[0]}" if len(ordered) == 1 else f"Features {', '.join(ordered)}"
