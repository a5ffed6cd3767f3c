"""The oldest Claude Code that the README names has every net; one before it is told that it is too old."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.execution.client import installation
from batch_implement.execution.client.session import Client, Prompt, run_headless
from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject

if TYPE_CHECKING:
    from batch_implement.demo.messages_api import Policy
    from batch_implement.execution.client.session import ClientResult

pytestmark = pytest.mark.client

TOO_OLD = "2.1.90"
CACHE = Path(__file__).resolve().parents[2] / ".cache"


@pytest.fixture
def project(tmp_path: Path) -> BatchProject:
    return BatchProject.make(tmp_path / "project", 3)


def _run(version: str, home: Path, plugin_home: Path, project: BatchProject, policy: Policy) -> ClientResult:
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "install.lock", timeout=900):
        executable = installation.install(CACHE, print, version)
    with LoopbackModel(policy) as model:
        variables = {"BATCH_IMPLEMENT_HOME": str(plugin_home)}
        return run_headless(
            Client(executable, home, model.base_url, (REPOSITORY,), variables),
            Prompt("/batch-implement features.txt", permission_mode="acceptEdits", allowed_tools=("Bash",)),
            project=project.root,
            timeout=240,
        )


def test_on_the_oldest_a_turn_that_ends_with_a_question_is_sent_on(
    home: Path, plugin_home: Path, project: BatchProject
) -> None:
    result = _run(installation.OLDEST, home, plugin_home, project, developers.lazy(2))
    assert project.state["status"] == "completed"
    assert project.feature_trailers == [1, 2, 3]
    assert "3 of 3 done" in result.text


def test_an_older_one_is_told_so_in_words(home: Path, plugin_home: Path, project: BatchProject) -> None:
    result = _run(TOO_OLD, home, plugin_home, project, scripted_developer.answer)
    assert result.text.startswith(f"batch-implement needs Claude Code {installation.OLDEST} or newer.")
    assert not (project.root / ".claude/batch_state.json").exists()
