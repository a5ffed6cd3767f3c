"""Whatever would wait for someone ends in its time: the whole group is dead and no lock is left."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.delivery.commit import Commit, commit_feature
from batch_implement.delivery.push import push
from batch_implement.errors import GitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.git_repositories import Repository

    from batch_implement.workspace.baseline import Baseline

TIMEOUT = 1.0
# The time limit, two seconds of grace, and what a busy machine needs to start a dozen gits.
BOUND = TIMEOUT + 2.0 + 6.0


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Path]:
    """A program that ignores being asked to end, with a child that does too; both are gone afterwards."""
    pids, program = tmp_path / "pids", tmp_path / "hanging"
    program.write_text(
        f"#!/bin/sh\ntrap '' TERM INT HUP\nsh -c \"trap '' TERM; echo \\$\\$ >> {pids}; sleep 1000\" &\n"
        f"echo $$ >> {pids}\n(read answer < /dev/tty) 2> /dev/null\nsleep 1000\nsleep 1000\n"
    )
    program.chmod(0o755)
    yield program
    for pid in map(int, pids.read_text().split()) if pids.exists() else ():
        if not _ended(pid):
            os.kill(pid, signal.SIGKILL)
            pytest.fail(f"process {pid} outlived the time limit")


@pytest.fixture
def ended_in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < BOUND


pytestmark = [pytest.mark.usefixtures("ended_in_time"), pytest.mark.slow]


def _commit(repository: Repository, baseline: Baseline, **options: Any) -> Commit:
    return commit_feature(
        repository.git,
        repository.changes(baseline),
        "feat: change files",
        baseline=baseline,
        batch_id="batch-1",
        feature_number=1,
        timeout=TIMEOUT,
        **options,
    )


def test_a_gpg_that_waits_for_a_passphrase(busy_repository: Repository, hanging: Path) -> None:
    busy_repository.run("config", "commit.gpgSign", "true")
    busy_repository.run("config", "gpg.program", str(hanging))
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with pytest.raises(GitError, match="waited for 'hanging'"):
        _commit(busy_repository, baseline)
    busy_repository.run("config", "commit.gpgSign", "false")
    assert _commit(busy_repository, baseline).files == ("new.py",)


def test_an_ssh_key_program_that_waits_for_a_touch(busy_repository: Repository, hanging: Path) -> None:
    busy_repository.run("config", "commit.gpgSign", "true")
    busy_repository.run("config", "gpg.format", "ssh")
    busy_repository.run("config", "gpg.ssh.program", str(hanging))
    busy_repository.run("config", "user.signingKey", "key::ssh-ed25519 AAAA")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with pytest.raises(GitError, match="waited for 'hanging'"):
        _commit(busy_repository, baseline)


@pytest.mark.parametrize("hook", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_waits(hook: str, busy_repository: Repository, hanging: Path) -> None:
    busy_repository.hook(hook, f"exec {hanging}")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with pytest.raises(GitError, match=f"waited for the {hook} hook"):
        _commit(busy_repository, baseline)
    assert busy_repository.log() == ["Begin"]


def test_a_hook_that_waits_after_the_commit_does_not_undo_it(
    busy_repository: Repository, hanging: Path
) -> None:
    busy_repository.hook("post-commit", f"exec {hanging}")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    commit = _commit(busy_repository, baseline)
    assert commit.files == ("new.py",)
    assert len(busy_repository.log()) == 2


def test_a_hook_that_asks_on_the_terminal_gets_no_answer(busy_repository: Repository) -> None:
    busy_repository.hook("pre-commit", "read answer < /dev/tty || exit 3")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with pytest.raises(GitError, match="pre-commit hook refused"):
        _commit(busy_repository, baseline)


def test_a_hook_that_leaves_a_program_behind(busy_repository: Repository, hanging: Path) -> None:
    busy_repository.hook("post-commit", f"{hanging} &")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    assert _commit(busy_repository, baseline).files == ("new.py",)


@pytest.mark.parametrize("name", ["core.editor", "core.pager", "sequence.editor", "core.askPass"])
def test_an_editor_pager_or_askpass_is_never_started(
    name: str, busy_repository: Repository, hanging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_repository.run("config", name, str(hanging))
    for variable in ("EDITOR", "VISUAL", "GIT_EDITOR", "PAGER", "GIT_PAGER", "GIT_ASKPASS", "SSH_ASKPASS"):
        monkeypatch.setenv(variable, str(hanging))
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    assert _commit(busy_repository, baseline).files == ("new.py",)


def test_an_ssh_that_waits(repository: Repository, hanging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH", str(hanging))
    repository.run("remote", "add", "origin", "ssh://git@example.com/a.git")
    assert push(repository.git, "origin", "main", timeout=TIMEOUT).outcome == "timed-out"


def test_a_credential_helper_that_waits(repository: Repository, hanging: Path, locked_server: str) -> None:
    repository.run("config", "credential.helper", str(hanging))
    repository.run("remote", "add", "origin", f"{locked_server}/a.git")
    assert push(repository.git, "origin", "main", timeout=TIMEOUT).outcome == "timed-out"


def test_a_server_that_wants_a_password_nobody_gives(repository: Repository, locked_server: str) -> None:
    repository.run("remote", "add", "origin", f"{locked_server}/a.git")
    assert push(repository.git, "origin", "main", timeout=30.0).outcome == "denied"


def test_a_server_that_accepts_and_says_nothing(repository: Repository) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        repository.run("remote", "add", "origin", f"http://127.0.0.1:{silent.getsockname()[1]}/a.git")
        assert push(repository.git, "origin", "main", timeout=TIMEOUT).outcome == "timed-out"


def test_a_hook_that_waits_before_a_push(repository: Repository, remote: Repository, hanging: Path) -> None:
    repository.hook("pre-push", f"exec {hanging}")
    repository.commit("feat: more", **{"new.py": "1\n"})
    assert push(repository.git, "origin", "main", timeout=TIMEOUT).outcome == "timed-out"


class _Locked(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def locked_server() -> Iterator[str]:
    """A host that answers every request with 401."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Locked) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _ended(pid: int) -> bool:
    for _ in range(40):
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if state.stdout.strip()[:1] in {"", "Z"}:
            return True
        time.sleep(0.05)
    return False
