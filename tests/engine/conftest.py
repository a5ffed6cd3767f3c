"""The repositories and batches that the tests of this folder take."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.batches import CHECK, Batch

from batch_implement.proof.check_run import forget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.git_repositories import Repository


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("CLAUDE", "BATCH_", "AUTO_GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BATCH_VERIFY_COMMAND", "./check.sh")
    monkeypatch.setenv("BATCH_RETRY_ENABLED", "false")


@pytest.fixture
def batch(repository: Repository) -> Iterator[Batch]:
    """Two tests, which pass; no batch yet."""
    repository.write("check.sh", CHECK, executable=True)
    repository.commit(**{"tests/one.t": "", "tests/two.t": ""})
    made = Batch(repository)
    yield made
    forget(made.root)


@pytest.fixture
def a_client() -> Iterator[subprocess.Popen[bytes]]:
    """A process that stands for a running Claude Code."""
    process = subprocess.Popen(["sleep", "300"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def run_again(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Batch]:
    """A batch whose check is run a second time; temporary folders are made in one of the test."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("BATCH_REVIEW", "off")
    yield Batch(repository)
    forget(repository.root)
