"""`clean` and `uninstall` remove what is ours, inside of a project and outside, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.plugin import Plugin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch


def _untracked(batch: Batch) -> list[str]:
    return batch.repository.run("status", "--porcelain", "--untracked-files=all").splitlines()


def _ended(batch: Batch, plugin: Plugin) -> None:
    batch.begin("Greet the user")
    batch.work(1)
    batch.done(1)
    batch.repository.run("checkout", "--", ".")
    plugin.command(batch.root, "stop")
    if (batch.root / ".claude/batch_state.json").exists():
        batch.project.state.archive()


# --- clean ------------------------------------------------------------------------------------------


def test_clean_leaves_the_project_as_it_was_before(batch: Batch, plugin: Plugin) -> None:
    exclude = batch.root / ".git/info/exclude"
    exclude.write_text("# mine\n*.log\n")
    batch.list_features("Greet the user")
    before = _untracked(batch)
    _ended(batch, plugin)
    (batch.root / ".claude/batch_state.json.12-abcdefgh.tmp").write_text("cut off")
    (batch.root / ".claude/batches/hook-errors.log").write_text("{}\n")
    assert exclude.read_text() != "# mine\n*.log\n"
    answer = plugin.command(batch.root, "clean")
    assert (answer.status, answer.stderr) == (0, "")
    assert "below .claude, reports and history among them" in answer.stdout
    assert exclude.read_text() == "# mine\n*.log\n"
    assert not (batch.root / ".claude").exists()
    assert _untracked(batch) == before
    assert "There was nothing" in plugin.command(batch.root, "clean").stdout


def test_what_is_not_ours_stays(batch: Batch, plugin: Plugin) -> None:
    _ended(batch, plugin)
    for name in ("settings.json", "audit/theirs.jsonl"):
        batch.repository.write(f".claude/{name}", "theirs")
    outside = batch.repository.write("kept.txt", "kept")
    (batch.root / ".claude/batches/link.json").symlink_to(outside)
    assert plugin.command(batch.root, "clean").status == 0
    left = sorted(path.name for path in (batch.root / ".claude").rglob("*") if path.is_file())
    assert left == ["settings.json", "theirs.jsonl"]
    assert outside.read_text() == "kept"


def test_an_unfinished_batch_is_only_removed_when_that_is_said(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    before = batch.state_bytes
    refused = plugin.command(batch.root, "clean")
    assert (refused.status, refused.stdout) == (1, "")
    assert batch.fields["batch_id"] in refused.stderr
    assert "--with-unfinished" in refused.stderr
    assert batch.state_bytes == before
    assert plugin.command(batch.root, "clean", "--with-unfinished").status == 0
    assert not (batch.root / ".claude").exists()


def test_a_batch_whose_state_can_not_be_read_counts_as_unfinished(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    for path in [*batch.root.glob(".claude/batch_state.json*"), *batch.root.glob(".claude/batches/*.jsonl")]:
        path.write_text("rubbish")
    refused = plugin.command(batch.root, "clean")
    assert refused.status == 1
    assert "can't be read" in refused.stderr
    assert plugin.command(batch.root, "clean", "--with-unfinished").status == 0
    assert not (batch.root / ".claude").exists()


def test_a_worktree_with_a_batch_keeps_the_lines_that_both_share(batch: Batch, plugin: Plugin) -> None:
    _ended(batch, plugin)
    other = batch.root.parent / "other"
    batch.repository.run("worktree", "add", "--quiet", str(other), "-b", "other")
    (other / ".claude/batches").mkdir(parents=True)
    assert plugin.command(batch.root, "clean").status == 0
    assert ".claude/batch_state.json" in (batch.root / ".git/info/exclude").read_text()


@pytest.mark.parametrize("subcommand", ["clean", "uninstall"])
def test_claude_can_not_call_it(batch: Batch, plugin: Plugin, subcommand: str) -> None:
    for variables in ({"CLAUDECODE": "1"}, {"CLAUDE_CODE_SESSION_ID": "owner"}):
        answer = plugin.command(batch.root, subcommand, **variables)
        assert answer.status == 1
        assert "in a terminal outside of Claude Code" in answer.stderr


# --- uninstall --------------------------------------------------------------------------------------


@pytest.fixture
def person(tmp_path: Path) -> Path:
    folder = tmp_path / "person"
    folder.mkdir()
    return folder


@pytest.fixture
def installed(plugin_home: Path, person: Path) -> Plugin:
    """An installation of this test's own, where a first call would have put it."""
    home = person / ".local/share/batch-implement"
    shutil.copytree(plugin_home, home, symlinks=True)
    (home / "env.lock").touch()
    client = person / ".cache/batch-implement/claude-code-2.1.1"
    client.mkdir(parents=True)
    temporary = person / "tmp"
    temporary.mkdir()
    return Plugin(home, {"HOME": str(person), "BATCH_IMPLEMENT_HOME": "unset", "TMPDIR": str(temporary)})


def test_uninstall_leaves_nothing_outside_of_projects(
    batch: Batch, installed: Plugin, person: Path, plugin_home: Path
) -> None:
    assert installed.typed(batch.root, "consent", "retry", "yes").status == 0
    old, new = person / "tmp/batch-implement-old", person / "tmp/batch-implement-new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (time.time() - 3 * 86400,) * 2)
    answer = installed.command(batch.root, "uninstall")
    assert (answer.status, answer.stderr) == (0, "")
    assert f"Removed {installed.home / 'env'}" in answer.stdout
    assert "/plugin uninstall batch-implement" in answer.stdout
    assert "batch-implement clean" in answer.stdout
    left = sorted(str(path.relative_to(person)) for path in person.rglob("*"))
    assert left == [".cache", ".local", ".local/share", "tmp", "tmp/batch-implement-new"]
    # What the environment's links led to is somebody else's.
    assert (plugin_home / "env/bin/python").exists()
    assert os.path.exists(sys.executable)  # noqa: PTH110


def test_what_other_programs_keep_there_stays(batch: Batch, installed: Plugin, person: Path) -> None:
    assert installed.typed(batch.root, "consent", "retry", "no").status == 0
    answers = person / ".autonomous-dev/user_state.json"
    answers.write_text(json.dumps({**json.loads(answers.read_text()), "theirs": 1}))
    (installed.home / "theirs").touch()
    assert installed.command(batch.root, "uninstall").status == 0
    assert json.loads(answers.read_text()) == {"theirs": 1}
    assert [path.name for path in installed.home.iterdir()] == ["theirs"]
