"""A project whose ``origin`` is on the loopback GitHub, and gh as the real one speaks to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from batch_implement.system.github.github import GitHub
from tests.github.loopback_github import HOST, LoopbackGitHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def require_gh() -> None:
    """Leave a test out aloud where gh is missing; in CI a missing gh is a failure."""
    if shutil.which("gh") is None:
        missing = "gh is not installed, so nothing of GitHub is tested: apt-get install gh"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture
def server() -> Iterator[LoopbackGitHub]:
    require_gh()
    with LoopbackGitHub() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    url = f"https://{HOST}/octo/app.git"
    subprocess.run(["git", "remote", "add", "origin", url], cwd=root, check=True)
    return root


@pytest.fixture
def gh_environment(server: LoopbackGitHub, tmp_path: Path) -> dict[str, str]:
    return server.environment(tmp_path / "gh-config")


@pytest.fixture
def github(project: Path, gh_environment: dict[str, str]) -> GitHub:
    return GitHub(project, gh_environment)


@pytest.fixture
def path_without_gh(tmp_path: Path) -> str:
    """A PATH on which there is git and nothing else."""
    only_git = tmp_path / "only-git"
    only_git.mkdir()
    git = shutil.which("git")
    assert git is not None
    (only_git / "git").symlink_to(git)
    return str(only_git)
