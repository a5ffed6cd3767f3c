"""The record compared with git: after a crash the one may know what the other does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.engine.completion import completed
from batch_implement.engine.retries import retry_manager
from batch_implement.model.progress import NOTHING
from batch_implement.state.journal import Transition
from batch_implement.system import clock
from batch_implement.workspace.baseline import Baseline
from batch_implement.workspace.change_set import ChangeSet
from batch_implement.workspace.changes import take_baseline

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.state.document import Document


def with_proof(fields: Document, index: int, evidence: dict[str, Any], tree: str) -> Transition:
    """What was collected for a feature is written down before its commit is made, and for which tree."""
    attempt = fields.get("attempt")
    if not attempt or attempt["feature_index"] != index:
        return NOTHING
    proof = {"evidence": evidence, "tree": tree}
    return Transition("proven", {"attempt": {**attempt, "proof": proof}}, {"feature": index + 1})


def adopt_commit(project: Project, fields: Document) -> str:
    """Record the feature at work as completed when it was committed before a crash; says so.

    Only a commit that holds exactly what was proven is taken: its trailers anybody can write.
    """
    attempt = fields.get("attempt") or {}
    proof = attempt.get("proof")
    if not proof:
        return ""
    index = int(attempt["feature_index"])
    baseline = Baseline.from_dict(attempt["baseline"])
    named = {"batch_id": fields["batch_id"], "feature_number": index + 1}
    if find_feature_commit(project.git, **named, since=baseline.commit) is None:
        return ""
    # It is there, so nothing is committed now.
    commit = commit_feature(project.git, ChangeSet(), "", baseline=baseline, **named)
    if commit.tree != proof["tree"]:
        return ""
    at = clock.timestamp(project.now())
    project.state.update(lambda current: completed(current, index, proof["evidence"], commit, at=at))
    retry_manager(project, fields["batch_id"]).record_success()
    return f"Feature {index + 1} was committed as {commit.sha[:10]} before, and is recorded now."


def disbelieve_lost_commits(project: Project) -> None:
    """Open the features again whose recorded commits the repository doesn't have, as after a power loss.

    A commit that was made anew since (a rebase) is found by its trailers and recorded instead.
    """
    fields = project.state.read()
    commits = {
        int(index): str(entry["commit"])
        for index, entry in (fields.get("evidence") or {}).items()
        if entry.get("commit")
    }
    attempt = fields.get("attempt") or {}
    lost = _missing(project, {*commits.values(), str(attempt.get("base_commit") or "")})
    if not lost:
        return
    found = {
        index: find_feature_commit(project.git, fields["batch_id"], index + 1) or ""
        for index, sha in commits.items()
        if sha in lost
    }
    tree = take_baseline(project.git).to_dict()
    project.state.update(lambda current: _corrected(current, found, lost, tree))


def _missing(project: Project, shas: set[str]) -> set[str]:
    """Those that name no commit of the repository, found by one process for all."""
    asked = sorted(sha for sha in shas if sha)
    if not asked:
        return set()
    answer = project.git.run("cat-file", "--batch-check", stdin="".join(f"{sha}\n" for sha in asked).encode())
    lines = answer.text.splitlines()
    return {sha for sha, line in zip(asked, lines, strict=True) if line.endswith(" missing")}


def _corrected(fields: Document, found: dict[int, str], lost: set[str], tree: dict[str, Any]) -> Transition:
    """``found`` has the new name for each lost commit of a feature, or ``""``; ``tree`` is a baseline."""
    gone = sorted(index for index, sha in found.items() if not sha)
    changes: dict[str, Any] = {"evidence": {**fields["evidence"]}}
    for index, sha in found.items():
        changes["evidence"][str(index)] = {**changes["evidence"][str(index)], "commit": sha}
    if gone:
        changes |= _reopened(fields, changes["evidence"], gone, tree)
    if str((fields.get("attempt") or {}).get("base_commit")) in lost:
        changes["attempt"] = None  # it began from a commit that is gone
    return Transition("commits_lost", changes, {"features": [index + 1 for index in gone]})


def _reopened(
    fields: Document, evidence: dict[str, Any], gone: list[int], tree: dict[str, Any]
) -> dict[str, Any]:
    """What the lost commits held may be in the working tree still: it is the features' and not the user's."""
    operations = fields["git_operations"]
    files = {
        path for index in gone for path in operations.get(str(index), {}).get("commit", {}).get("files", ())
    }
    users = {path: content for path, content in tree["users"].items() if path not in files}
    attempts = dict(fields["attempts"])
    for index in gone:
        *before, last = attempts.get(str(index)) or [{}]
        attempts[str(index)] = [*before, {**last, "baseline": {**tree, "users": users}}]
    numbers = ", ".join(str(index + 1) for index in gone)
    notice = f"The commits of these features are not in the repository, so they are done again: {numbers}."
    return {
        "completed_features": [index for index in fields["completed_features"] if index not in gone],
        "evidence": {index: entry for index, entry in evidence.items() if int(index) not in gone},
        "git_operations": {index: done for index, done in operations.items() if int(index) not in gone},
        "attempts": attempts,
        "current_index": 0,
        "notices": [*fields["notices"], notice],
    }
