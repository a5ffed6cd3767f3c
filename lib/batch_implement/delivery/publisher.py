"""From a commit to the world: push, pull request, closed issue, each as a record and never as an error.

A batch and ``execute_git_workflow`` come through here. What was done comes back one step at a time, so that
who keeps the records has each on disk before the next is begun, and a program that is killed in between
goes on after the last one. What has not succeeded is tried again when it is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.delivery.issue_closing import close_issue
from batch_implement.delivery.pull_request import ensure_pull_request, mark_ready
from batch_implement.delivery.pull_request_text import FeatureSummary, pull_request_body, pull_request_title
from batch_implement.delivery.push import push
from batch_implement.errors import BatchImplementError
from batch_implement.model.evidence import Operation
from batch_implement.system.clock import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from batch_implement.model.breaker import Breaker
    from batch_implement.system.clock import Clock
    from batch_implement.system.git.git import Git
    from batch_implement.system.github.github import GitHub

# The remote itself did not answer or refuses us: its other branches would fare no better now.
_NOT_NOW = frozenset({"offline", "timed-out"})


@dataclass(frozen=True)
class Route:
    """How far commits go. ``draft``: the branch is still being added to."""

    remote: str
    push: bool = True
    pull_request: bool = True
    close_issues: bool = True
    draft: bool = False


@dataclass(frozen=True)
class Work:
    """A committed feature, and how far it has come.

    ``base`` is what its branch's pull request is against, ``checks`` a line on how it was proven.
    ``pull_request`` is the number recorded for its branch; ``requested`` says that its text has this
    feature, ``draft`` that it was a draft then.
    """

    index: int
    text: str
    commit: str
    branch: str
    base: str
    files: tuple[str, ...] = ()
    checks: str = ""
    issue: int | None = None
    pushed: bool = False
    pull_request: int | None = None
    requested: bool = False
    draft: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Step:
    """What was done for some features (by index), to be kept before the next step is begun.

    ``name`` is ``push``, ``pr`` or ``issue_close``; None was done where commits were only found renamed.
    ``moved`` pairs commits with what they became by a rebase. ``breaker`` is the one to go on with after
    an issue was to be closed.
    """

    name: str
    features: tuple[int, ...]
    operation: Operation | None
    moved: tuple[tuple[str, str], ...] = ()
    breaker: Breaker | None = None


@dataclass(frozen=True)
class Publisher:
    """``checks_pass`` is asked before a rebase is kept; without it nothing is rebased."""

    git: Git
    github: GitHub
    batch_id: str
    route: Route
    now: Clock
    checks_pass: Callable[[Path], bool] | None = None

    def publish(self, works: Sequence[Work], breaker: Breaker) -> Iterator[Step]:
        """Do what has not been done for the works, oldest first, with a step for each thing tried."""
        if not self.route.push:
            return
        branches = list(dict.fromkeys(work.branch for work in works))
        known = {work.index: work for work in works}
        for branch in reversed(branches):  # the newest first: it is the one that may be rebased
            for step in self._push(branch, _on(branch, known)):
                _follow(known, step)
                yield step
                if step.operation is not None and step.operation.outcome in _NOT_NOW:
                    return
        for branch in branches if self.route.pull_request else ():
            for step in self._request(branch, _on(branch, known)):
                _follow(known, step)
                yield step
        if self.route.close_issues:
            yield from self._close(known.values(), breaker)

    def _push(self, branch: str, works: list[Work]) -> Iterator[Step]:
        waiting = [work for work in works if not work.pushed]
        if not waiting:
            return
        renamed = self._renamed(branch, waiting)
        if renamed:
            yield Step("push", (), None, moved=renamed)
        moved: tuple[tuple[str, str], ...] = ()
        at, remote = timestamp(self.now()), self.route.remote
        try:
            result = push(self.git, remote, branch, checks_pass=self.checks_pass)
            moved = result.rebased
            done = Operation(
                success=result.ok,
                timestamp=at,
                branch=branch,
                remote=remote,
                sha=result.sha if result.ok else "",
                error="" if result.ok else result.sentence,
                outcome="" if result.ok else result.outcome,
            )
        except BatchImplementError as error:
            done = Operation(success=False, timestamp=at, branch=branch, remote=remote, error=str(error))
        yield Step("push", tuple(work.index for work in waiting), done, moved)

    def _renamed(self, branch: str, works: list[Work]) -> tuple[tuple[str, str], ...]:
        """Recorded commits that the branch holds under another name: we rebased it and were killed before
        that was recorded, or a person did."""
        pairs = []
        for work in works:
            ref = f"refs/heads/{branch}"
            held = self.git.run("merge-base", "--is-ancestor", work.commit, ref, ok=None).ok
            now = "" if held else find_feature_commit(self.git, self.batch_id, work.index + 1, tip=ref)
            if now:
                pairs.append((work.commit, now))
        return tuple(pairs)

    def _request(self, branch: str, works: list[Work]) -> Iterator[Step]:
        """Open the branch's pull request or bring it up to date, where that changes anything."""
        shown = [work for work in works if work.pushed]
        if not shown or branch == shown[-1].base:
            return
        outdated = [work for work in shown if not work.requested]
        if not outdated and (self.route.draft or not any(work.draft for work in shown)):
            return
        features = [FeatureSummary(work.text, work.commit, work.checks, work.issue) for work in shown]
        base = shown[-1].base
        found = ensure_pull_request(
            self.github,
            branch=branch,
            base=base,
            title=pull_request_title(features),
            body=pull_request_body(features),
            draft=self.route.draft,
            known=next((work.pull_request for work in reversed(works) if work.pull_request), None),
        )
        if found.success and found.draft and not self.route.draft and found.number is not None:
            found = mark_ready(self.github, found.number)
        done = Operation(
            success=found.success,
            timestamp=timestamp(self.now()),
            branch=branch,
            base=base,
            number=found.number,
            url=found.url,
            draft=found.draft and found.success,
            state=found.state if found.state != "open" else "",
            error=found.error,
        )
        yield Step("pr", tuple(work.index for work in outdated or shown), done)

    def _close(self, works: Iterable[Work], breaker: Breaker) -> Iterator[Step]:
        for work in works:
            if work.issue is None or work.closed or not work.pushed:
                continue
            done, breaker = self._close_one(work, work.issue, breaker)
            yield Step("issue_close", (work.index,), done, breaker=breaker)

    def _close_one(self, work: Work, issue: int, breaker: Breaker) -> tuple[Operation, Breaker]:
        at = timestamp(self.now())
        moment = self.now().timestamp()
        if not breaker.allows(moment):
            skipped = (
                "Not tried: closing issues failed five times in a row. Look at what failed, then: "
                "batch-implement reset-breaker"
            )
            not_tried = Operation(success=False, timestamp=at, number=issue, error=skipped, skipped=True)
            return not_tried, breaker
        found = close_issue(
            self.github,
            issue,
            commit=work.commit,
            branch=work.branch,
            files=work.files,
            checks=work.checks,
        )
        done = Operation(
            success=found.success,
            timestamp=at,
            number=issue,
            url=found.url,
            error=found.error,
            already_closed=found.already_closed,
        )
        return done, found.breaker_after(breaker, moment)


def _on(branch: str, known: dict[int, Work]) -> list[Work]:
    return [work for work in known.values() if work.branch == branch]


def _follow(known: dict[int, Work], step: Step) -> None:
    """The works as they are after a step."""
    after = dict(step.moved)
    for index, work in known.items():
        if work.commit in after:
            known[index] = replace(work, commit=after[work.commit], requested=False)
    if step.name == "push" and step.operation is not None and step.operation.success:
        for index in step.features:
            known[index] = replace(known[index], pushed=True)
