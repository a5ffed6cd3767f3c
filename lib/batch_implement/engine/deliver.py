"""What is committed goes out: pushed, in a pull request, its issue closed.

Nothing here stops a batch. What failed is recorded, and tried again after the next feature and at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.issue_closing import BREAKER
from batch_implement.delivery.issue_references import closing_issue
from batch_implement.delivery.publisher import Publisher, Route, Step, Work
from batch_implement.engine.feature_branch import bases
from batch_implement.model import breaker, progress
from batch_implement.model.evidence import Evidence, Operation
from batch_implement.model.record import replace
from batch_implement.model.transition import Transition
from batch_implement.system.github.github import GitHub

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.model.feature import Feature

_NO_OPERATION = Operation(success=False, timestamp="")
_NO_EVIDENCE = Evidence()


def deliver(project: Project, batch: Batch, *, final: bool = False) -> Batch:
    """Push what is not pushed, bring pull requests up to date, close the issues of what is pushed.

    ``batch`` is as it was just read or written; what it is afterwards is returned.
    ``final``: the batch has ended, so its pull request is no draft any more.
    """
    settled = batch.delivery
    works = _works(batch) if settled is not None and settled.push else []
    if settled is None or not works:
        return batch
    publisher = Publisher(
        git=project.git,
        github=GitHub(project.workspace),
        batch_id=batch.batch_id,
        route=Route(
            remote=settled.remote,
            pull_request=settled.pull_request,
            close_issues=settled.close_issues,
            # A batch's branch grows until the end; a feature's own branch is ready once it is there.
            draft=settled.mode == "batch" and not final,
        ),
        now=project.now,
        checks_pass=_checks_on(project, batch),
    )
    for step in publisher.publish(works, breaker.from_json(batch.github_breaker, BREAKER)):
        batch = project.state.update(lambda current, step=step: _recorded(current, step))  # type: ignore[misc]
    return batch


def issue_of(feature: Feature) -> int | None:
    """The issue a feature closes: the one it was made from, else the one its text says it closes."""
    return feature.issue if feature.issue is not None else closing_issue(feature.text)


def checks_line(evidence: Evidence) -> str:
    """How a feature was proven, in a line for a pull request or an issue; ``""`` where nothing was run."""
    parts = []
    if evidence.check:
        parts.append(f"{evidence.check}: exit code {evidence.exit_code or 0}")
        before, after = evidence.tests_before, evidence.tests_after
        if after is not None:
            parts.append(
                f"{after} {'test' if after == 1 else 'tests'}"
                if before is None
                else f"{before} tests before, {after} after"
            )
        if evidence.skipped:
            parts.append(f"{evidence.skipped} skipped")
        if evidence.seconds is not None:
            parts.append(f"{evidence.seconds:g} s")
    if evidence.accepted:
        parts.append(f"weaker checks accepted: {evidence.accepted}")
    return ", ".join(parts)


def _works(batch: Batch) -> list[Work]:
    """The completed features that have a commit, in the order they were made."""
    base = bases(batch, batch.completed_features)
    found = (_work(batch, index, base[index]) for index in batch.completed_features)
    return [work for work in found if work is not None]


def _work(batch: Batch, index: int, base: str) -> Work | None:
    commit, feature = batch.commit_of(index), batch.features[index]
    if commit is None or not commit.branch:
        return None
    operations = batch.git_operations[index]
    pull_request = operations.get("pr", _NO_OPERATION)
    return Work(
        index=index,
        text=feature.text,
        commit=commit.sha,
        branch=commit.branch,
        base=base,
        files=commit.files,
        checks=checks_line(batch.evidence.get(index, _NO_EVIDENCE)),
        issue=issue_of(feature),
        pushed=operations.get("push", _NO_OPERATION).success,
        pull_request=pull_request.number,
        requested=pull_request.success,
        draft=pull_request.draft,
        closed=operations.get("issue_close", _NO_OPERATION).success,
    )


def _checks_on(project: Project, batch: Batch) -> Callable[[Path], bool] | None:
    check = batch.check
    return None if check is None else lambda folder: project.checker.passes_in(check, folder)


def _recorded(batch: Batch, step: Step) -> Transition:
    """A step in the state: the record, commits under their new names, and the breaker, at once."""
    after = _renamed(batch, dict(step.moved))
    if step.breaker is not None:
        after = replace(after, github_breaker=breaker.to_json(step.breaker))
    if step.operation is None:
        return Transition("rebased", after, commits=len(step.moved))
    for feature in step.features:
        after = progress.with_operation(after, feature, step.name, step.operation)
    details: dict[str, object] = {"error": step.operation.error} if step.operation.error else {}
    if step.moved:
        details["rebased"] = len(step.moved)
    features = [index + 1 for index in step.features]
    return Transition(step.name, after, features=features, success=step.operation.success, **details)


def _renamed(batch: Batch, names: Mapping[str, str]) -> Batch:
    """The batch with commits under the names they have after a rebase."""
    if not names:
        return batch
    if batch.ground is not None:
        batch = replace(batch, ground=replace(batch.ground, commit=""))
    for index in batch.git_operations:
        commit = batch.commit_of(index)
        if commit is not None and commit.sha in names:
            sha = names[commit.sha]
            batch = progress.with_operation(batch, index, "commit", replace(commit, sha=sha))
            proof = replace(batch.evidence.get(index, _NO_EVIDENCE), commit=sha)
            batch = replace(batch, evidence={**batch.evidence, index: proof})
    return batch
