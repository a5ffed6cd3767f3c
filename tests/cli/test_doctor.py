"""`doctor` says what is in the way of a batch and what is in force; `plan` says what would be refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

NOT_WELL, WOULD_BE_REFUSED = 4, 5


@pytest.fixture
def person(tmp_path: Path) -> Path:
    """A home folder of somebody who was never asked anything."""
    folder = tmp_path / "person"
    folder.mkdir()
    return folder


def _doctor(plugin: Plugin, batch: Batch, person: Path, **variables: str) -> Answer:
    return plugin.command(
        batch.root,
        "doctor",
        HOME=str(person),
        GIT_AUTHOR_NAME="A",
        GIT_AUTHOR_EMAIL="a@example.invalid",
        GIT_COMMITTER_NAME="A",
        GIT_COMMITTER_EMAIL="a@example.invalid",
        **variables,
    )


def _line(answer: Answer, begin: str) -> str:
    return next(line for line in answer.stdout.splitlines() if line.startswith(begin))


def test_where_nothing_is_in_the_way_it_is_0(batch: Batch, plugin: Plugin, person: Path) -> None:
    answer = _doctor(plugin, batch, person)
    assert (answer.status, answer.stderr) == (0, "")
    assert answer.stdout.splitlines()[-1] == "Ready: nothing is in the way of a batch here."
    assert "ok       no batch is at work" in answer.stdout


def test_without_a_check_command_it_is_4(batch: Batch, plugin: Plugin, person: Path) -> None:
    answer = _doctor(plugin, batch, person, BATCH_VERIFY_COMMAND="")
    assert (answer.status, answer.stderr) == (NOT_WELL, "")
    assert _line(answer, "missing  a check command")


def test_in_the_middle_of_a_merge_it_is_4(batch: Batch, plugin: Plugin, person: Path) -> None:
    (batch.root / ".git/MERGE_HEAD").write_text(batch.repository.run("rev-parse", "HEAD"))
    answer = _doctor(plugin, batch, person)
    assert answer.status == NOT_WELL
    assert "is in the middle of a merge" in _line(answer, "problem")


def test_outside_of_a_project_it_is_4(plugin: Plugin) -> None:
    answer = plugin.command(Path("/proc"), "doctor")
    assert answer.status == NOT_WELL
    assert "is not in a project" in answer.stdout


def test_a_client_that_is_too_old_is_told(batch: Batch, plugin: Plugin, person: Path, tmp_path: Path) -> None:
    claude = tmp_path / "bin/claude"
    claude.parent.mkdir()
    claude.write_text("#!/bin/sh\necho '2.1.90 (Claude Code)'\n")
    claude.chmod(0o755)
    path = f"{claude.parent}:{os.environ['PATH']}"
    answer = _doctor(plugin, batch, person, PATH=path)
    assert answer.status == NOT_WELL
    assert "2.1.90 (Claude Code) is too old; batch-implement needs 2.1.91 or newer" in answer.stdout
    claude.write_text("#!/bin/sh\necho '2.2.0 (Claude Code)'\n")
    assert _doctor(plugin, batch, person, PATH=path).status == 0


def test_each_setting_says_where_it_is_from(batch: Batch, plugin: Plugin, person: Path) -> None:
    (batch.root / ".env").write_text("AUTO_GIT_PUSH=false\nBATCH_ORDER=given\n")
    answer = _doctor(plugin, batch, person, BATCH_ORDER="dependencies")
    assert _line(answer, "  AUTO_GIT_PUSH") == "  AUTO_GIT_PUSH=false [.env]"
    assert _line(answer, "  BATCH_ORDER") == "  BATCH_ORDER=dependencies [the environment]"
    assert _line(answer, "  AUTO_GIT_PR") == "  AUTO_GIT_PR=true [default]"
    assert "nothing is pushed: AUTO_GIT_PUSH=false" in _line(answer, "  Git:")


def test_an_answer_that_was_given_is_what_is_in_force(batch: Batch, plugin: Plugin, person: Path) -> None:
    unset = {"BATCH_RETRY_ENABLED": "unset"}
    asked = _doctor(plugin, batch, person, **unset)
    assert "is tried again (the default; you have not answered yet)" in _line(asked, "  Retries:")
    assert plugin.typed(batch.root, "consent", "retry", "no", HOME=str(person)).status == 0
    answered = _doctor(plugin, batch, person, **unset)
    kept = "your answer, kept in ~/.autonomous-dev/user_state.json"
    assert f"is not tried again ({kept})" in _line(answered, "  Retries:")
    assert _line(answered, "  BATCH_RETRY_ENABLED") == f"  BATCH_RETRY_ENABLED=false [{kept}]"
    overruled = _doctor(plugin, batch, person, BATCH_RETRY_ENABLED="true")
    assert "is tried again (the environment)" in _line(overruled, "  Retries:")


def test_as_data_it_says_whether_a_batch_can_begin(batch: Batch, plugin: Plugin, person: Path) -> None:
    assert plugin.command(Path("/proc"), "doctor", "--json").json["ready"] is False


def test_a_plan_that_would_be_refused_has_a_status_of_its_own(batch: Batch, plugin: Plugin) -> None:
    batch.list_features("Greet the user")
    assert plugin.command(batch.root, "plan", "features.txt").status == 0
    batch.repository.write("tests/one.t", "changed")
    answer = plugin.command(batch.root, "plan", "features.txt")
    assert (answer.status, answer.stderr) == (WOULD_BE_REFUSED, "")
    assert "tests/one.t" in _line(answer, "Refused:")
    assert plugin.command(batch.root, "plan", "features.txt", "--keep-dirty").status == 0


def test_our_own_files_are_not_the_users_untracked_ones(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user")
    plugin.command(batch.root, "stop")
    (batch.root / ".git/info/exclude").unlink()
    batch.list_features("Count the visits")
    batch.repository.write("notes.txt")
    answer = plugin.command(batch.root, "plan", "features.txt")
    assert "notes.txt" in answer.stdout
    assert ".claude" not in answer.stdout


def test_every_exit_status_is_explained(plugin: Plugin, tmp_path: Path) -> None:
    said = plugin.command(tmp_path, "--help").stdout
    assert all(f"{status} " in said.partition("Exit status:")[2] for status in range(6))
    assert "exit status 4" in " ".join(plugin.command(tmp_path, "doctor", "--help").stdout.split())
    assert "exit status 5" in " ".join(plugin.command(tmp_path, "plan", "--help").stdout.split())
