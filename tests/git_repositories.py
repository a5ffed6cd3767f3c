"""Real repositories in a temporary folder, and the promise that nothing of the user's is touched.

A folder of tests takes the fixtures by importing them in its ``conftest.py``.
"""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch_implement.system.git.git import Git
from batch_implement.workspace.changes import changes_since, take_baseline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import ChangeSet


@dataclass(frozen=True)
class Repository:
    """A repository and short words for what a user or a model does in it."""

    root: Path

    @property
    def git(self) -> Git:
        return Git(self.root)

    def run(self, *arguments: str, check: bool = True, stdin: bytes = b"") -> str:
        finished = subprocess.run(
            ["git", *arguments], cwd=self.root, input=stdin, capture_output=True, check=False
        )
        assert finished.returncode == 0 or not check, finished.stderr.decode()
        return os.fsdecode(finished.stdout).removesuffix("\n")

    def write(self, path: str, content: str | bytes = "content\n", *, executable: bool = False) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        if executable:
            place.chmod(0o755)
        return place

    def commit(self, message: str = "Begin", **files: str) -> str:
        for path, content in files.items():
            self.write(path, content)
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "--message", message)
        return self.run("rev-parse", "HEAD")

    def hook(self, name: str, script: str) -> None:
        folder = Path(self.run("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    def tracked(self, revision: str = "HEAD") -> dict[str, str]:
        """Every path of a commit with its mode and content id."""
        listing = self.run("ls-tree", "-r", "-z", revision)
        pairs = (line.split("\t", 1) for line in listing.split("\0") if line)
        return {path: " ".join(entry.split()[::2]) for entry, path in pairs}

    def log(self, form: str = "%s") -> list[str]:
        return self.run("log", f"--format={form}").splitlines()

    def locks(self) -> list[str]:
        """Lock files anywhere below git's folder."""
        folder = Path(self.run("rev-parse", "--path-format=absolute", "--git-common-dir"))
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.lock"))

    def baseline(self) -> Baseline:
        return take_baseline(self.git)

    def changes(self, baseline: Baseline) -> ChangeSet:
        return changes_since(self.git, baseline)


# What a user may have lying about: path by path, what was done to it and not committed.
USERS_PATHS = (
    "users/modified.txt",
    "users/staged.txt",
    "users/partly-staged.txt",
    "users/deleted.txt",
    "users/removed.txt",
    "users/script.sh",
    "users/new-staged.txt",
    "users/untracked \udcff.txt",
    "users/link",
)


def begin_users_files(repository: Repository) -> None:
    for path in USERS_PATHS[:6]:
        repository.write(path, f"{path} as committed\n")


def leave_users_work(repository: Repository) -> None:
    """Every kind of uncommitted work: changed, staged, both, deleted, executable, new, a link."""
    for name in ("modified", "staged", "partly-staged"):
        repository.write(f"users/{name}.txt", f"{name}: the user's first change\r\nwithout an end")
    repository.write("users/new-staged.txt", "new\n")
    repository.run("add", "users/staged.txt", "users/partly-staged.txt", "users/new-staged.txt")
    repository.write("users/partly-staged.txt", "the user's second change\n")
    (repository.root / "users/deleted.txt").unlink()
    repository.run("rm", "--quiet", "--cached", "users/removed.txt")
    (repository.root / "users/removed.txt").unlink()
    (repository.root / "users/script.sh").chmod(0o755)
    repository.write("users/untracked \udcff.txt", b"\x00\xff binary")
    (repository.root / "users/link").symlink_to("modified.txt")


def users_work(repository: Repository) -> dict[str, object]:
    """The user's paths as they are on disk and in the index."""
    found: dict[str, object] = {}
    for path in USERS_PATHS:
        place = repository.root / path
        if place.is_symlink():
            found[path] = place.readlink()
        elif place.exists():
            found[path] = (stat.S_IMODE(place.stat().st_mode), place.read_bytes())
        else:
            found[path] = None
    found["index"] = repository.run("ls-files", "--stage", "-z", "--", "users")
    return found


def assert_sound(repository: Repository) -> None:
    """The repository is whole and no lock is left in it."""
    said = subprocess.run(
        ["git", "fsck", "--full", "--strict", "--no-dangling", "--no-progress"],
        cwd=repository.root,
        capture_output=True,
        check=False,
    )
    notices = (b"notice: HEAD points to an unborn branch", b"notice: No default references")
    complaints = [line for line in (said.stdout + said.stderr).splitlines() if not line.startswith(notices)]
    assert (said.returncode, complaints) == (0, [])
    assert repository.locks() == []


@pytest.fixture
def git_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, so that this machine's settings are neither read nor changed."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A User\n\temail = user@example.com\n[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n'
    )
    return home


@pytest.fixture
def empty_repository(tmp_path: Path, git_home: Path) -> Repository:
    """Before its first commit."""
    root = tmp_path / "project"
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    return Repository(root)


@pytest.fixture
def repository(empty_repository: Repository) -> Iterator[Repository]:
    """With one commit, clean; whole afterwards."""
    begin_users_files(empty_repository)
    empty_repository.commit(**{"app.py": "print('hello')\n"})
    yield empty_repository
    assert_sound(empty_repository)


@pytest.fixture
def busy_repository(repository: Repository) -> Iterator[Repository]:
    """With uncommitted work of the user's of every kind, byte for byte the same afterwards."""
    leave_users_work(repository)
    before = users_work(repository)
    yield repository
    assert users_work(repository) == before


@pytest.fixture
def remote(tmp_path: Path, repository: Repository) -> Repository:
    """A bare remote ``origin`` that has the first commit."""
    root = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(root)], check=True)
    repository.run("remote", "add", "origin", str(root))
    repository.run("push", "--quiet", "origin", "main")
    return Repository(root)
