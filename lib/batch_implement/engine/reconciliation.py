"""The record compared with git: after a crash the one may know what the other does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.engine.completion import completed
from batch_implement.engine.retries import retry_manager
from batch_implement.model.attempt import Attempt
from batch_implement.model.outcomes import CommitAdopted
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.system import clock
from batch_implement.workspace.baseline import from_record, to_record
from batch_implement.workspace.change_set import ChangeSet
from batch_implement.workspace.changes import changes_since, take_baseline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.engine.project import Project
    from batch_implement.model.attempt import Baseline
    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Decide


def adopt_commit(project: Project, batch: Batch, attempt: Attempt) -> tuple[Batch, CommitAdopted] | None:
    """Record a feature at work as completed when it was committed before a crash.

    Only a commit that holds exactly what was proven is taken, and with nothing after it: its trailers anybody
    can write.
    """
    proof, index = attempt.proof, attempt.feature_index
    if proof is None:
        return None
    baseline = from_record(attempt.baseline)
    batch_id, number = batch.batch_id, index + 1
    head = find_feature_commit(project.git, batch_id, number, since=baseline.commit)
    if head is None:
        return None
    status = project.git.status()
    changes = changes_since(project.git, baseline, features_files=batch.features_files, status=status)
    if status.head != head or changes.pending:
        return None
    # It is there, so nothing is committed now.
    commit = commit_feature(
        project.git, ChangeSet(), "", baseline=baseline, batch_id=batch_id, feature_number=number
    )
    if commit.tree != proof.tree:
        return None
    at = clock.timestamp(project.now())
    after = project.state.update(lambda current: completed(current, index, proof.evidence, commit, at=at))
    retry_manager(project, batch_id).record_success()
    return after, CommitAdopted(number=number, commit=commit.sha)


def compared_with_git(project: Project, batch: Batch) -> Batch:
    """The batch after :func:`disbelieve_lost_commits`, where that has not been done since its session was
    continued: a session may have ended with the machine.

    It is begun behind the answer that the session is given first; whoever comes to work before it has ended
    makes it again, and one of the two is written down.
    """
    if batch.owner is None or batch.owner.is_compared:
        return batch
    return project.state.update(_compared(project, batch))


def disbelieve_lost_commits(project: Project) -> Batch:
    """Open the features again whose recorded commits the repository doesn't have, as after a power loss.

    A commit that was made anew since (a rebase) is found by its trailers and recorded instead.
    """
    batch = project.state.read()
    correct = _correction(project, batch)
    return batch if correct is None else project.state.update(correct)


def _compared(project: Project, batch: Batch) -> Decide:
    correct = _correction(project, batch)

    def compare(current: Batch) -> Transition:
        if current.owner is None or current.owner.is_compared:
            return NOTHING
        owner = replace(current.owner, is_compared=True)
        found = None if correct is None else correct(current)
        if found is None or found.after is None:
            return Transition("compared", replace(current, owner=owner))
        return Transition(found.event, replace(found.after, owner=owner), **found.details)

    return compare


def _correction(project: Project, batch: Batch) -> Decide | None:
    """None when no commit is missing."""
    commits = {index: entry.commit for index, entry in batch.evidence.items() if entry.commit}
    begun = {attempt.base_commit for attempt in batch.open_attempts.values()}
    lost = _missing(project, {*commits.values(), *begun})
    if not lost:
        return None
    found = {
        index: find_feature_commit(project.git, batch.batch_id, index + 1) or ""
        for index, sha in commits.items()
        if sha in lost
    }
    tree = to_record(take_baseline(project.git))
    return lambda current: _corrected(current, found, lost, tree)


def _missing(project: Project, shas: set[str]) -> set[str]:
    """Those that name no commit of the repository, found by one process for all."""
    asked = sorted(sha for sha in shas if sha)
    if not asked:
        return set()
    answer = project.git.run("cat-file", "--batch-check", stdin="".join(f"{sha}\n" for sha in asked).encode())
    lines = answer.text.splitlines()
    return {sha for sha, line in zip(asked, lines, strict=True) if line.endswith(" missing")}


def _corrected(batch: Batch, found: Mapping[int, str], lost: set[str], tree: Baseline) -> Transition:
    """``found`` has the new name for each lost commit of a feature, or ``""``; ``tree`` is a baseline."""
    known = {index: sha for index, sha in found.items() if index in batch.evidence}
    gone = sorted(index for index, sha in known.items() if not sha)
    renamed = {index: replace(batch.evidence[index], commit=sha) for index, sha in known.items()}
    after = replace(
        batch,
        evidence={**batch.evidence, **renamed},
        # One that began from a commit that is gone begins again.
        open_attempts={
            index: one for index, one in batch.open_attempts.items() if one.base_commit not in lost
        },
    )
    if gone:
        after = _reopened(after, gone, tree)
    return Transition("commits_lost", after, features=[index + 1 for index in gone])


def _reopened(batch: Batch, gone: list[int], tree: Baseline) -> Batch:
    """What the lost commits held may be in the working tree still: it is the features' and not the user's."""
    commits = {index: batch.commit_of(index) for index in gone}
    files = {path for commit in commits.values() if commit is not None for path in commit.files}
    own = replace(tree, users={path: content for path, content in tree.users.items() if path not in files})
    attempts = dict(batch.attempts)
    for index in gone:
        *before, last = attempts.get(index, ()) or (Attempt(feature_index=index, number=1, started_at=""),)
        attempts[index] = (*before, replace(last, baseline=own))
    numbers = ", ".join(str(index + 1) for index in gone)
    notice = f"The commits of these features are not in the repository, so they are done again: {numbers}."
    return replace(
        batch,
        completed_features=tuple(index for index in batch.completed_features if index not in gone),
        evidence={index: entry for index, entry in batch.evidence.items() if index not in gone},
        git_operations={index: done for index, done in batch.git_operations.items() if index not in gone},
        attempts=attempts,
        current_index=0,
        notices=(*batch.notices, notice),
    )
