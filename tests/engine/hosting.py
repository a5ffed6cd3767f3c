"""A batch whose ``origin`` is on the loopback GitHub: pushed to by real git, asked about by the real gh.

The user has uncommitted work of every kind in the tree, and has it byte for byte afterwards.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.batches import Batch
from tests.git_repositories import Repository, assert_sound, leave_users_work, users_work
from tests.github.loopback_github import HOST

import batch_implement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.github.loopback_github import LoopbackGitHub

    from batch_implement.model.evidence import Operation
    from batch_implement.model.outcomes import Outcome

PROGRAM = [sys.executable, "-I", "-S", str(Path(batch_implement.__file__).with_name("__main__.py"))]
# Stands for ssh: what git wants run on the host is run here, below the folder that holds the remotes.
_SSH = """#!/bin/sh
for command; do :; done
[ ! -e "{trouble}" ] || {{ cat "{trouble}" >&2; exit 255; }}
cd "{remotes}" && exec git shell -c "$command"
"""
_PATIENCE = 30.0


@dataclass(frozen=True)
class BusyBatch(Batch):
    """Beside uncommitted work of the user's."""

    def begin(self, *features: str, **options: Any) -> Outcome:
        return super().begin(*features, keep_dirty=True, **options)

    def finish(self, *numbers: int) -> Outcome:
        for number in numbers:
            self.work(number)
            outcome = self.done(number)
        return outcome

    def feature_commits(self, revision: str = "HEAD") -> list[str]:
        """The features' numbers by the trailers of the commits, oldest first."""
        form = "--format=%(trailers:key=Feature,valueonly,separator=%x2C)"
        return self.repository.run("log", "--reverse", form, revision).split()


@dataclass(frozen=True)
class Hosted(BusyBatch):
    """``remote`` is the bare repository behind ``origin``, ``server`` the GitHub that gh speaks to."""

    server: LoopbackGitHub | None = None
    remote: Repository | None = None
    folder: Path = Path()

    def operation(self, number: int, name: str) -> Operation:
        return self.state.git_operations[number - 1][name]

    def outcomes(self, name: str) -> list[bool | None]:
        """For each feature whether an operation succeeded; None where it was not tried."""
        state = self.state
        done = [state.git_operations.get(index, {}).get(name) for index in range(len(state.features))]
        return [None if operation is None else operation.success for operation in done]

    def pushed(self, branch: str) -> list[str]:
        """The subjects on the remote's branch, newest first, without the first commits."""
        if not self.remote.run("rev-parse", "--verify", "--quiet", branch, check=False):
            return []
        return self.remote.run("log", "--format=%s", f"main~0..{branch}").splitlines()

    @property
    def branch(self) -> str:
        return self.repository.run("symbolic-ref", "--short", "HEAD")

    def cut_off(self, said: str) -> None:
        """From now on ssh fails with these words."""
        (self.folder / "trouble").write_text(said + "\n")

    def reconnect(self) -> None:
        (self.folder / "trouble").unlink()

    def colleague_pushes(self, branch: str, **files: str) -> str:
        """Somebody else commits to the remote's branch."""
        other = Repository(self.folder / f"colleague-{len(list(self.folder.iterdir()))}")
        subprocess.run(["git", "clone", "--quiet", str(self.remote.root), str(other.root)], check=True)
        other.run("switch", "--quiet", branch)
        sha = other.commit("A colleague's work", **files)
        other.run("push", "--quiet", "origin", branch)
        return sha

    def path_without_gh(self) -> str:
        """A PATH with what a check and git need, and nothing else."""
        found = self.folder / "without-gh"
        found.mkdir()
        names = ("git", "git-upload-pack", "git-receive-pack", "sh", "ls", "wc", "cat", "seq", "sleep", "ssh")
        for place in filter(None, map(shutil.which, names)):
            (found / Path(place).name).symlink_to(place)
        return str(found)

    def kill(self, *arguments: str, at: Callable[[], object]) -> None:
        """Start a subcommand in a process of its own and end it with SIGKILL at a moment."""
        process = subprocess.Popen(
            [*PROGRAM, *arguments], cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        end = time.monotonic() + _PATIENCE
        while not at():
            assert process.poll() is None, process.stderr.read().decode()
            assert time.monotonic() < end, "the moment to kill it never came"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stderr.close()


@pytest.fixture
def busy_batch(batch: Batch) -> Iterator[BusyBatch]:
    leave_users_work(batch.repository)
    before = users_work(batch.repository)
    yield BusyBatch(batch.repository)
    assert users_work(batch.repository) == before


@pytest.fixture
def hosted(
    batch: Batch, server: LoopbackGitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosted]:
    folder = tmp_path / "hosting"
    remote = Repository(folder / "octo/app.git")
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote.root)], check=True)
    ssh = folder / "ssh"
    ssh.write_text(_SSH.format(trouble=folder / "trouble", remotes=folder))
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
    for name, value in server.environment(tmp_path / "gh-config").items():
        monkeypatch.setenv(name, value)
    repository = batch.repository
    repository.run("remote", "add", "origin", f"git@{HOST}:octo/app.git")
    repository.run("push", "--quiet", "--set-upstream", "origin", "main")
    leave_users_work(repository)
    before = users_work(repository)
    yield Hosted(repository, server=server, remote=remote, folder=folder)
    assert users_work(repository) == before
    assert_sound(remote)
