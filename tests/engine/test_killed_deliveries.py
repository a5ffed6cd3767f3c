"""Killed at any step of a delivery and called again: one commit, one push, one pull request, one comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.batches import assigned, ended
from tests.github.loopback_github import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.hosting import Hosted

pytest_plugins = ("tests.github.fixtures", "tests.engine.hosting")
pytestmark = [pytest.mark.gh, pytest.mark.slow]


@pytest.fixture
def killed(hosted: Hosted) -> Hosted:
    """A batch of two features, whose first closes an issue and is implemented."""
    hosted.server.add_issue(71, "Greet")
    hosted.begin("Greet (fixes #71)", "Count")
    hosted.work(1)
    return hosted


def _waiting_hook(hosted: Hosted, name: str, *, run: int = 1, status: int = 0) -> tuple[Path, Path]:
    """A hook that, when it is run for the ``run``-th time, makes the first file and waits for the second."""
    reached, go = hosted.folder / "reached", hosted.folder / "go"
    count = hosted.folder / "runs"
    hosted.repository.hook(
        name,
        f'echo run >> "{count}"\n[ $(wc -l < "{count}") -eq {run} ] || exit 0\n'
        f'touch "{reached}"\nwhile [ ! -e "{go}" ]; do sleep 0.02; done\nexit {status}',
    )
    return reached, go


def _call_again(hosted: Hosted) -> None:
    """The same call, then the rest of the batch; everything is there once."""
    assert assigned(hosted.done(1)) == 2
    hosted.finish(2)
    branch = hosted.branch
    assert hosted.feature_commits(branch) == ["1", "2"]
    assert hosted.repository.run("rev-parse", "HEAD") == hosted.remote.run("rev-parse", branch)
    assert [len(hosted.server.pulls), len(hosted.server.issues[71].comments)] == [1, 1]
    assert hosted.server.issues[71].state == "closed"
    for name in ("commit", "push", "pr"):
        assert hosted.outcomes(name) == [True, True]
    assert hosted.outcomes("issue_close") == [True, None]
    for number in (1, 2):
        sha = hosted.operation(number, "commit").sha
        assert hosted.repository.run(
            "show", "-s", "--format=%(trailers:key=Feature,valueonly)", sha
        ).strip() == str(number)


def test_between_the_commit_and_its_record(killed: Hosted) -> None:
    reached, go = _waiting_hook(killed, "post-commit")
    killed.kill("done", "1", at=reached.exists)
    go.touch()
    assert killed.state.completed_features == ()
    _call_again(killed)


def test_between_the_record_and_the_push(killed: Hosted) -> None:
    reached, go = _waiting_hook(killed, "pre-push", status=1)
    killed.kill("done", "1", at=reached.exists)
    go.touch()
    assert killed.state.completed_features == (0,)
    assert killed.outcomes("push") == [None, None]
    _call_again(killed)


def test_between_a_rebase_and_its_record(killed: Hosted) -> None:
    killed.repository.run("push", "--quiet", "origin", f"HEAD:refs/heads/{killed.branch}")
    killed.colleague_pushes(killed.branch, colleague="hello\n")
    reached, go = _waiting_hook(killed, "pre-push", run=2, status=1)
    killed.kill("done", "1", at=reached.exists)
    go.touch()
    assert killed.operation(1, "commit").sha != killed.repository.run("rev-parse", "HEAD")
    _call_again(killed)


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
def test_before_and_after_the_pull_request_is_opened(killed: Hosted, *, applied: bool) -> None:
    server = killed.server
    server.fault = Fault(hold=True, applied=applied, writes_only=True, times=1)
    asked = len(server.requests)
    killed.kill("done", "1", at=lambda: server.fault.times == 0 and (server.pulls or not applied))
    assert len(server.requests) > asked
    assert (killed.outcomes("push")[0], killed.outcomes("pr")[0]) == (True, None)
    server.fault = None
    _call_again(killed)


def test_between_the_push_and_anything_asked_of_github(killed: Hosted) -> None:
    server = killed.server
    server.fault = Fault(hold=True, times=1)
    killed.kill("done", "1", at=lambda: server.fault.times == 0)
    assert server.writes == []
    server.fault = None
    _call_again(killed)


@pytest.mark.parametrize(("after", "kind"), [(1, "comment"), (2, "issue")])
def test_when_the_comment_is_there_and_when_the_issue_is_closed(
    killed: Hosted, after: int, kind: str
) -> None:
    server = killed.server
    server.fault = Fault(hold=True, applied=True, writes_only=True, after=after, times=1)
    killed.kill("done", "1", at=lambda: server.written(kind))
    assert killed.outcomes("issue_close")[0] is None
    server.fault = None
    _call_again(killed)


def test_before_the_pull_request_is_made_ready_at_the_end(hosted: Hosted) -> None:
    hosted.begin("Greet")
    server = hosted.server
    hosted.work(1)
    server.fault = Fault(hold=True, writes_only=True, after=1, times=1)
    hosted.kill("done", "1", at=lambda: server.fault.times == 0)
    assert hosted.state.status == "in_progress"
    server.fault = None
    ended(hosted.done(1))
    assert [pull.draft for pull in server.pulls.values()] == [False]
