"""The command as Claude and a person call it: plain arguments in, a sentence and a status out."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.batches import OWNER
from tests.plugin import ROOT

from batch_implement.cli.main import SUBCOMMANDS

if TYPE_CHECKING:
    from tests.batches import Batch
    from tests.plugin import Answer, Plugin


def _call(plugin: Plugin, batch: Batch, *arguments: str) -> Answer:
    return plugin.command(batch.root, *arguments, CLAUDE_CODE_SESSION_ID=OWNER.session_id)


def test_a_batch_is_worked_from_its_start_to_its_report(batch: Batch, plugin: Plugin) -> None:
    batch.list_features("Greet the user", "Count the visits")
    begun = plugin.typed(batch.root, "start", "features.txt")
    assert begun.status == 0
    assert "has begun." in begun.stdout
    batch.work(1)
    done = _call(plugin, batch, "done", "1", "--message", "feat(ui): greet the user")
    assert (done.status, done.stderr) == (0, "")
    assert "Feature 2 of 2: Count the visits" in done.stdout
    ended = _call(plugin, batch, "fail", "2", "--error", "nothing to count")
    assert ended.status == 0
    assert "1 of 2 done, 1 failed" in ended.stdout
    assert batch.repository.log()[0] == "feat(ui): greet the user"


def test_without_arguments_the_subcommands_are_told(plugin: Plugin, tmp_path: Path) -> None:
    for arguments in ((), ("--help",), ("help",)):
        answer = plugin.command(tmp_path, *arguments)
        assert (answer.status, answer.stderr) == (0, "")
        assert all(f"  {name} " in answer.stdout for name in SUBCOMMANDS)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(plugin: Plugin, tmp_path: Path, name: str) -> None:
    answer = plugin.command(tmp_path, name, "--help")
    assert (answer.status, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"usage: batch-implement {name}")


def test_the_version_is_told(plugin: Plugin, tmp_path: Path) -> None:
    assert plugin.command(tmp_path, "--version").stdout.strip().count(".") == 2


def test_what_is_typed_after_the_slash_command_may_follow_start_too(batch: Batch, plugin: Plugin) -> None:
    """As Claude calls it in a client whose hooks are not told of commands."""
    batch.list_features("Greet the user", "Count the visits")
    assert "Side by side could run" in _call(plugin, batch, "start", "--plan", "features.txt").stdout
    assert not (batch.root / ".claude/batch_state.json").exists()
    batch.begin()
    assert _call(plugin, batch, "start", "--pause").status == 0
    assert batch.fields["status"] == "paused"
    assert "The batch goes on" in plugin.typed(batch.root, "start", "--resume").stdout


# --- status -----------------------------------------------------------------------------------------

WRONG_USAGE = (
    ("nonsense",),
    ("plan",),
    ("plan", "add", "a", "login", "form"),
    ("start", "--no-such-option", "a.txt"),
    ("start", "--keep", "a.txt"),
    ("done",),
    ("done", "one"),
    ("done", "1.5"),
    ("done", "1", "2"),
    ("done", "1", "--message"),
    ("fail", "1"),
    ("fail", "--error", "x"),
    ("pause", "now"),
)


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_2_with_a_sentence(batch: Batch, plugin: Plugin, arguments: tuple[str, ...]) -> None:
    answer = _call(plugin, batch, *arguments)
    assert (answer.status, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1
    assert "Traceback" not in answer.stderr


def test_wrong_usage_of_what_a_person_does_is_2_as_well(batch: Batch, plugin: Plugin) -> None:
    for arguments in (("start",), ("implement",)):
        assert plugin.typed(batch.root, *arguments).status == 2


REFUSED = (
    ("start", "none.txt"),
    ("start", "../outside.txt"),
    ("plan", "none.txt"),
    ("next",),
    ("done", "1"),
    ("fail", "1", "--error", "x"),
    ("pause",),
    ("resume",),
    ("stop",),
)


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_is_refused_is_1_with_a_sentence(
    batch: Batch, plugin: Plugin, arguments: tuple[str, ...]
) -> None:
    answer = _call(plugin, batch, *arguments)
    assert (answer.status, answer.stdout) == (1, "")
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("arguments", [("next",), ("status",), ("done", "1")], ids=" ".join)
def test_a_state_that_can_not_be_read_is_3_with_the_file_and_what_to_do(
    batch: Batch, plugin: Plugin, arguments: tuple[str, ...]
) -> None:
    batch.begin()
    for path in [*batch.root.glob(".claude/batch_state.json*"), *batch.root.glob(".claude/batches/*.jsonl")]:
        path.write_text("rubbish")
    answer = _call(plugin, batch, *arguments)
    assert (answer.status, answer.stdout) == (3, "")
    assert str(batch.root / ".claude/batch_state.json") in answer.stderr
    assert "Traceback" not in answer.stderr
    assert plugin.typed(batch.root, "resume").status == 3


def test_outside_of_a_project_it_is_said(plugin: Plugin) -> None:
    answer = plugin.command(Path("/proc"), "status")
    assert (answer.status, answer.stdout) == (1, "")
    assert "is not in a project" in answer.stderr


def test_an_error_of_the_operating_system_is_a_sentence(batch: Batch, plugin: Plugin) -> None:
    batch.list_features()
    exclude = batch.root / ".git/info/exclude"
    exclude.unlink()
    exclude.mkdir()
    answer = plugin.typed(batch.root, "start", "features.txt")
    assert answer.status == 1
    assert "info/exclude" in answer.stdout
    assert "Traceback" not in answer.stdout
    exclude.rmdir()


# --- as data ----------------------------------------------------------------------------------------


def test_every_answer_is_one_object_when_that_is_asked_for(batch: Batch, plugin: Plugin) -> None:
    batch.list_features("Greet\u2028 the user", "Count the visits")
    plan = _call(plugin, batch, "plan", "features.txt", "--json").json
    assert (plan["kind"], plan["features"], plan["order"]) == (
        "told",
        ["Greet the user", "Count the visits"],
        [1, 2],
    )
    assert plugin.typed(batch.root, "start", "--json", "features.txt").json["kind"] == "assigned"
    assert "Feature 1 of 2" in _call(plugin, batch, "next", "--json").json["text"]
    status = _call(plugin, batch, "status", "--json").json
    assert (status["status"], status["total"], status["current"]) == ("in_progress", 2, 1)


def test_a_refusal_is_an_object_too_with_its_status(batch: Batch, plugin: Plugin) -> None:
    answer = _call(plugin, batch, "plan", "none.txt", "--json")
    assert (answer.status, answer.stderr) == (1, "")
    assert answer.json["kind"] == "refused"
    assert "none.txt is not there" in answer.json["text"]
    assert _call(plugin, batch, "nonsense", "--json").status == 2


def test_without_a_batch_the_status_as_data_has_none(batch: Batch, plugin: Plugin) -> None:
    assert _call(plugin, batch, "status", "--json").json["status"] is None


# --- what is in the arguments -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ['it\'s "here"', "$(touch canary)", "`touch canary`", "a; touch canary", "-n", "ü 世界", "a\nb"]
)
def test_words_are_taken_as_they_are(batch: Batch, plugin: Plugin, words: str) -> None:
    batch.begin()
    answer = _call(plugin, batch, "fail", "1", f"--error={words}")
    assert answer.status == 0
    assert batch.fields["failed_features"][0]["error_message"] == " ".join(words.split())
    assert not (batch.root / "canary").exists()


def test_from_a_folder_below_the_project_everything_works(batch: Batch, plugin: Plugin) -> None:
    batch.repository.write("packages/web/features.txt", "Greet the user\n")
    below = batch.root / "packages/web"
    assert "has begun." in plugin.typed(below, "start", "features.txt").stdout
    batch.work(1)
    assert plugin.command(below, "done", "1").status == 0
    assert not (below / ".claude").exists()


def test_an_answer_that_the_terminal_can_not_show_is_shown_as_well_as_it_can(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin("Grüße das 世界")
    answer = plugin.command(batch.root, "next", LC_ALL="C", PYTHONIOENCODING="ascii", CLAUDECODE="1")
    assert answer.status == 0
    assert "Feature 1 of 1" in answer.stdout


def test_an_answer_is_an_object_whatever_is_in_it(batch: Batch, plugin: Plugin) -> None:
    batch.begin('Say "hello" \\ and {braces}')
    assert json.loads(plugin.command(batch.root, "next", "--json").stdout)["kind"] == "assigned"


# --- a person at a terminal -------------------------------------------------------------------------


def test_a_start_from_a_terminal_speaks_to_a_person(batch: Batch, plugin: Plugin) -> None:
    batch.list_features("Greet the user")
    said = plugin.typed(batch.root, "start", "features.txt").stdout
    assert "Batch batch-" in said
    assert "type: /batch-implement --resume" in said
    assert "[batch-implement]" not in said
    assert "Start agent" not in said
    assert "Start agent" in plugin.command(batch.root, "next", CLAUDECODE="1").stdout


@pytest.mark.parametrize(("variables", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_in_a_terminal_the_status_has_colours_where_they_are_wanted(
    batch: Batch, plugin: Plugin, variables: dict[str, str], is_coloured: bool
) -> None:
    batch.begin()
    batch.fail(1)
    shown = _on_a_terminal(plugin, batch.root, "status", **variables)
    assert ("\033[31m ✗" in shown) is is_coloured
    assert ("\033[" in shown) is is_coloured
    assert " ✗ 1. Greet the user" in re.sub(r"\033\[[0-9;]*m", "", shown)
    piped = plugin.command(batch.root, "status").stdout
    assert "\033[" not in piped
    assert "  ✗ 1. Greet the user\n      too hard\n" in piped


def test_in_a_terminal_the_report_is_rendered_and_in_a_pipe_it_is_markdown(
    batch: Batch, plugin: Plugin
) -> None:
    batch.begin()
    batch.work(1)
    batch.done(1)
    shown = re.sub(r"\033\[[0-9;]*m", "", _on_a_terminal(plugin, batch.root, "status", "--report"))
    assert " • 1. Greet the user — commit" in shown
    assert "- **1.** Greet the user — commit" in plugin.command(batch.root, "status", "--report").stdout


def _on_a_terminal(plugin: Plugin, root: Path, *arguments: str, **variables: str) -> str:
    """What is shown of a command whose output is a terminal of 80 columns."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "BATCH_IMPLEMENT_HOME": str(plugin.home),
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        **plugin.environment,
        **variables,
    }
    ours, its = pty.openpty()
    command = [str(ROOT / "bin/batch-implement"), *arguments]
    with subprocess.Popen(command, cwd=root, env=environment, stdin=its, stdout=its, stderr=its) as process:
        os.close(its)
        said = b""
        while True:
            try:
                said += os.read(ours, 65536)
            except OSError:  # it has ended
                break
        assert process.wait() == 0
    os.close(ours)
    return said.decode().replace("\r\n", "\n")
