"""Every outcome of a push has its sentence; the user's working tree is never left in between."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.git_repositories import Repository, leave_users_work, users_work

if TYPE_CHECKING:
    from pathlib import Path

from batch_implement.delivery.branch import BranchError
from batch_implement.delivery.push import push


def _passes(_: Path) -> bool:
    return True


@pytest.fixture
def colleague(remote: Repository, tmp_path: Path) -> Repository:
    """A second clone, from which someone pushes meanwhile."""
    root = tmp_path / "colleague"
    subprocess.run(["git", "clone", "--quiet", "--branch=main", remote.root, root], check=True)
    return Repository(root)


def _colleague_pushes(colleague: Repository, **files: str) -> str:
    sha = colleague.commit("feat: by a colleague", **files)
    colleague.run("push", "--quiet", "origin", "main")
    return sha


def test_the_first_push_sets_the_upstream(repository: Repository, remote: Repository) -> None:
    repository.run("switch", "--quiet", "--create", "batch/one")
    sha = repository.commit("feat: more", **{"new.py": "1\n"})
    result = push(repository.git, "origin", "batch/one")
    assert (result.outcome, result.sha, result.sentence) == ("pushed", sha, "Pushed batch/one to origin.")
    assert remote.run("rev-parse", "batch/one") == sha
    assert repository.run("rev-parse", "--abbrev-ref", "batch/one@{upstream}") == "origin/batch/one"


def test_pushing_again_changes_nothing(repository: Repository, remote: Repository) -> None:
    assert push(repository.git, "origin", "main").outcome == "up-to-date"


def test_without_the_remote_nothing_is_tried(repository: Repository) -> None:
    result = push(repository.git, "origin", "main")
    assert result.outcome == "no-remote"
    assert "git remote add origin" in result.sentence


def test_a_rejected_push_is_rebased_when_nothing_conflicts(
    repository: Repository, remote: Repository, colleague: Repository
) -> None:
    theirs = _colleague_pushes(colleague, **{"theirs.py": "1\n"})
    own = repository.commit("feat: ours", **{"ours.py": "1\n"})
    leave_users_work(repository)
    before = users_work(repository)
    seen: list[list[str]] = []

    def checks_pass(folder: Path) -> bool:
        seen.append(sorted(path.name for path in folder.glob("*.py")))
        return True

    result = push(repository.git, "origin", "main", checks_pass=checks_pass)
    new = repository.run("rev-parse", "HEAD")
    assert (result.outcome, result.rebased) == ("pushed", ((own, new),))
    assert seen == [["app.py", "ours.py", "theirs.py"]]
    assert repository.run("rev-parse", "HEAD^") == theirs
    assert remote.run("rev-parse", "main") == new
    assert users_work(repository) == before
    assert repository.run("worktree", "list").count("\n") == 0


@pytest.mark.parametrize("checks", [None, _passes], ids=["without checks", "with checks"])
def test_a_conflict_leaves_everything_as_it_is(
    checks: object, repository: Repository, remote: Repository, colleague: Repository
) -> None:
    _colleague_pushes(colleague, **{"app.py": "theirs\n"})
    own = repository.commit("feat: ours", **{"app.py": "ours\n"})
    leave_users_work(repository)
    before = users_work(repository)
    result = push(repository.git, "origin", "main", checks_pass=checks)  # type: ignore[arg-type]
    assert result.outcome == ("conflict" if checks else "rejected")
    assert result.sentence.startswith("origin has commits on main that are not here")
    assert repository.run("rev-parse", "HEAD") == own
    assert users_work(repository) == before
    assert repository.git.status().branch == "main"
    assert repository.run("worktree", "list").count("\n") == 0


def test_failing_checks_on_the_rebased_commits_stop_the_push(
    repository: Repository, remote: Repository, colleague: Repository
) -> None:
    theirs = _colleague_pushes(colleague, **{"theirs.py": "1\n"})
    own = repository.commit("feat: ours", **{"ours.py": "1\n"})
    result = push(repository.git, "origin", "main", checks_pass=lambda _: False)
    assert result.outcome == "checks-failed"
    assert repository.run("rev-parse", "HEAD") == own
    assert remote.run("rev-parse", "main") == theirs


def test_uncommitted_changes_in_the_way_of_a_rebase_stay(
    repository: Repository, remote: Repository, colleague: Repository
) -> None:
    _colleague_pushes(colleague, **{"users/modified.txt": "theirs\n"})
    own = repository.commit("feat: ours", **{"ours.py": "1\n"})
    leave_users_work(repository)
    before = users_work(repository)
    result = push(repository.git, "origin", "main", checks_pass=_passes)
    assert result.outcome == "conflict"
    assert "users/modified.txt" in result.sentence
    assert repository.run("rev-parse", "HEAD") == own
    assert users_work(repository) == before


def test_merges_are_not_flattened(repository: Repository, remote: Repository, colleague: Repository) -> None:
    _colleague_pushes(colleague, **{"theirs.py": "1\n"})
    repository.run("switch", "--quiet", "--create", "side")
    repository.commit("feat: side", **{"side.py": "1\n"})
    repository.run("switch", "--quiet", "main")
    repository.run("merge", "--quiet", "--no-ff", "--message", "Merge side", "side")
    result = push(repository.git, "origin", "main", checks_pass=_passes)
    assert result.outcome == "conflict"
    assert "merges" in result.sentence


def test_a_history_without_a_common_commit_is_not_rebased(
    repository: Repository, remote: Repository, colleague: Repository
) -> None:
    colleague.run("switch", "--quiet", "--orphan", "other")
    colleague.commit("Begin again", **{"other.py": "1\n"})
    colleague.run("push", "--quiet", "--force", "origin", "other:main")
    assert push(repository.git, "origin", "main", checks_pass=_passes).outcome == "conflict"


def test_a_remote_that_declines_is_denied(repository: Repository, remote: Repository) -> None:
    (remote.root / "hooks/pre-receive").write_text("#!/bin/sh\necho 'main is protected' >&2; exit 1\n")
    (remote.root / "hooks/pre-receive").chmod(0o755)
    repository.commit("feat: ours", **{"ours.py": "1\n"})
    result = push(repository.git, "origin", "main", checks_pass=_passes)
    assert result.outcome == "denied"
    assert "main is protected" in result.sentence or "hook declined" in result.sentence


def test_a_hook_of_the_users_may_refuse_a_push(repository: Repository, remote: Repository) -> None:
    repository.hook("pre-push", "echo 'not on a Friday' >&2; exit 1")
    repository.commit("feat: ours", **{"ours.py": "1\n"})
    result = push(repository.git, "origin", "main")
    assert result.outcome == "refused"
    assert "not on a Friday" in result.sentence


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("https://no-such-host.invalid/a.git", "offline"),
        ("https://user:s3cret-t0ken@127.0.0.1:1/a.git", "offline"),
        ("/nowhere/at/all.git", "offline"),
        ("ext::sh -c touch% canary", "failed"),
    ],
)
def test_a_remote_that_cannot_be_reached_is_said_without_its_password(
    address: str, outcome: str, repository: Repository
) -> None:
    repository.run("remote", "add", "origin", address)
    result = push(repository.git, "origin", "main", timeout=20.0)
    assert result.outcome == outcome
    assert "s3cret" not in result.sentence
    assert not (repository.root / "canary").exists()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("git@github.com: Permission denied (publickey).", "denied"),
        ("ERROR: Repository not found.", "denied"),
        ("Host key verification failed.", "denied"),
        ("ssh: connect to host github.com port 22: Connection timed out", "offline"),
        ("ssh: Could not resolve hostname github.com: Temporary failure in name resolution", "offline"),
        ("kex_exchange_identification: Connection closed by remote host", "offline"),
    ],
)
def test_what_ssh_says_is_understood(
    said: str, outcome: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_ssh(tmp_path, f"echo '{said}' >&2; exit 255", monkeypatch)
    repository.run("remote", "add", "origin", "ssh://git@github.com/a/b.git")
    assert push(repository.git, "origin", "main").outcome == outcome


def test_ssh_is_told_to_ask_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_ssh(tmp_path, f'echo "$@" > "{tmp_path}/arguments"; exit 255', monkeypatch)
    repository.run("remote", "add", "origin", "ssh://git@github.com/a/b.git")
    push(repository.git, "origin", "main")
    assert "BatchMode=yes" in (tmp_path / "arguments").read_text()


def test_a_remote_that_never_answers_is_given_up_in_time(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_ssh(tmp_path, "trap '' TERM; sleep 1000", monkeypatch)
    repository.run("remote", "add", "origin", "ssh://git@github.com/a/b.git")
    started = time.monotonic()
    result = push(repository.git, "origin", "main", timeout=1.0)
    assert result.outcome == "timed-out"
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "name", ["--force", "-f", "`id`", "a b", "a..b", "a.lock", "/a", "a//b", "a\nb", "HEAD", ""]
)
def test_a_name_that_could_be_read_otherwise_is_not_pushed(name: str, repository: Repository) -> None:
    with pytest.raises(BranchError):
        push(repository.git, "origin", name)
    with pytest.raises(BranchError):
        push(repository.git, name, "main")


def _fake_ssh(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = folder / "programs"
    programs.mkdir()
    (programs / "ssh").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
