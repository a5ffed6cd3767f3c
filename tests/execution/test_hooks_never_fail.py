"""A hook never fails the session, whatever it reads: status 0, and one JSON object or nothing.

What went wrong is one line of the log.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugin import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.batches import Batch
    from tests.plugin import Answer, Plugin

pytestmark = pytest.mark.slow

OURS = "batch-implement:feature-implementer"
EVENTS: dict[str, dict[str, Any]] = {
    "session-start": {"session_id": "owner", "source": "compact"},
    "stop": {"session_id": "owner", "background_tasks": [], "last_assistant_message": "Done."},
    "stop-failure": {"session_id": "owner", "error": "rate_limit"},
    "subagent-start": {"session_id": "owner", "agent_type": OURS},
    "subagent-stop": {"session_id": "owner", "agent_type": OURS},
    "wake-when-due": {"session_id": "owner", "hook_event_name": "Stop"},
    "permission-request": {"session_id": "owner", "tool_name": "Bash", "tool_input": {"command": "ls"}},
    "pre-tool-use": {
        "session_id": "owner",
        "tool_name": "Agent",
        "tool_input": {"prompt": "Feature 1", "subagent_type": OURS},
    },
    "post-tool-use": {
        "session_id": "owner",
        "tool_name": "Bash",
        "tool_input": {"command": "batch-implement done 1"},
    },
    "user-prompt-submit": {"session_id": "owner", "prompt": "go on"},
}
STRACE = shutil.which("strace")
each_hook = pytest.mark.parametrize("hook", EVENTS)
# One only waits beside the session, and leaves what it can't read to the others.
each_answering_hook = pytest.mark.parametrize("hook", [hook for hook in EVENTS if hook != "wake-when-due"])


def _is_fine(answer: Answer) -> None:
    assert answer.status == 0
    assert answer.stderr == ""
    assert answer.stdout == "" or answer.json


def _tells_of_the_batch(answer: Answer) -> bool:
    """The feature at work, or, at the end of a turn, that there is a batch to go on with."""
    return any(words in answer.context for words in ("eature 1 of 3", "The batch goes on (0 of 3 done)"))


def _log(root: Path) -> list[dict[str, Any]]:
    log = root / ".claude/batches/hook-errors.log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def test_every_hook_of_the_plugin_is_tried_here() -> None:
    declared = [json.loads(path.read_text())["hooks"] for path in sorted((ROOT / "hooks").glob("*.json"))]
    commands = [
        hook["command"]
        for events in declared
        for groups in events.values()
        for group in groups
        for hook in group["hooks"]
    ]
    names = {command.rpartition("/")[2] for command in commands}
    assert names == {*EVENTS, "user-prompt-expansion"}
    assert all(os.access(ROOT / "hooks" / name, os.X_OK) for name in names)


def test_no_event_that_older_clients_do_not_know_stands_beside_the_others() -> None:
    """They pass over a whole file for one of them; the manifest names the file that may be passed over."""
    events = json.loads((ROOT / "hooks/hooks.json").read_text())["hooks"]
    known = (
        "SessionStart Stop StopFailure SubagentStart SubagentStop PermissionRequest PreToolUse PostToolUse "
        "UserPromptSubmit"
    )
    assert set(events) <= set(known.split())
    manifest = json.loads((ROOT / ".claude-plugin/plugin.json").read_text())
    assert (ROOT / manifest["hooks"]).samefile(ROOT / "hooks/typed.json")


# --- what stands in the state's place ---------------------------------------------------------------


def _put(state: Path, content: bytes) -> None:
    """In the state's place, with nothing left that it could be made again from."""
    state.write_bytes(content)
    for other in (state.with_name("batch_state.json.bak"), *state.parent.glob("batches/*.jsonl")):
        other.unlink(missing_ok=True)


def _half(state: Path) -> None:
    _put(state, state.read_bytes()[: state.stat().st_size // 2])


def _rubbish(state: Path) -> None:
    _put(state, os.urandom(2_000))


def _empty(state: Path) -> None:
    _put(state, b"")


def _deep(state: Path) -> None:
    _put(state, b"[" * 200_000)


def _later_version(state: Path) -> None:
    _put(state, b'{"version": 99, "status": "in_progress"}')


def _other_json(state: Path) -> None:
    _put(state, b'{"status": ["in_progress"], "features": 3}')


def _folder(state: Path) -> None:
    state.unlink()
    state.mkdir()


def _fifo(state: Path) -> None:
    state.unlink()
    os.mkfifo(state)


def _link(state: Path) -> None:
    state.rename(state.with_name("elsewhere.json"))
    state.symlink_to("elsewhere.json")


def _device(state: Path) -> None:
    state.unlink()
    state.symlink_to("/dev/zero")


@each_answering_hook
@pytest.mark.parametrize(
    "spoil",
    [_half, _rubbish, _empty, _deep, _later_version, _other_json, _folder, _fifo, _link, _device],
    ids=lambda spoil: spoil.__name__.strip("_"),
)
def test_a_state_that_can_not_be_read_is_one_line_of_the_log(
    batch: Batch, plugin: Plugin, hook: str, spoil: Callable[[Path], None]
) -> None:
    batch.begin()
    spoil(batch.root / ".claude/batch_state.json")
    answer = plugin.hook(hook, batch.root, EVENTS[hook])
    _is_fine(answer)
    assert answer.stdout == ""
    log = _log(batch.root)
    assert len(log) <= 1
    if hook not in {"permission-request", "post-tool-use"}:
        [record] = log
        assert record["hook"] == hook
        assert "batch_state.json" in record["error"]


@pytest.mark.parametrize("hook", ["session-start", "stop", "subagent-start"])
def test_a_state_that_is_spoilt_is_made_again_from_the_journal(
    batch: Batch, plugin: Plugin, hook: str
) -> None:
    batch.begin()
    (batch.root / ".claude/batch_state.json").write_bytes(b"")
    (batch.root / ".claude/batch_state.json.bak").unlink()
    answer = plugin.hook(hook, batch.root, EVENTS[hook])
    _is_fine(answer)
    assert _tells_of_the_batch(answer)


@each_hook
def test_a_link_to_nothing_in_its_place_is_no_batch(batch: Batch, plugin: Plugin, hook: str) -> None:
    batch.begin()
    state = batch.root / ".claude/batch_state.json"
    state.unlink()
    state.symlink_to("nowhere")
    answer = plugin.hook(hook, batch.root, EVENTS[hook])
    _is_fine(answer)
    assert answer.stdout == ""


@each_hook
def test_a_log_that_can_not_be_written_is_let_go(batch: Batch, plugin: Plugin, hook: str) -> None:
    batch.begin()
    _rubbish(batch.root / ".claude/batch_state.json")
    shutil.rmtree(batch.root / ".claude/batches")
    (batch.root / ".claude/batches").write_text("in the way")
    _is_fine(plugin.hook(hook, batch.root, EVENTS[hook]))
    (batch.root / ".claude/batches").unlink()


def test_the_log_is_bounded(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    _rubbish(batch.root / ".claude/batch_state.json")
    log = batch.root / ".claude/batches/hook-errors.log"
    log.write_text("{}\n" * 100_000)
    plugin.hook("stop", batch.root, EVENTS["stop"])
    assert len(log.read_text().splitlines()) == 1


# --- what is on standard input ----------------------------------------------------------------------

INPUTS = {
    "nothing": b"",
    "rubbish": bytes(range(256)) * 10,
    "half": b'{"session_id": "owner", "sou',
    "no object": b"[1, 2, 3]",
    "null": b"null",
    "a number": b"1" * 10_000,
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "not UTF-8": b'{"session_id": "\xff\xfe"}',
    "half a pair": b'{"session_id": "\\ud800", "source": "\\udfff"}',
    "other kinds": b'{"session_id": [1], "source": {}, "background_tasks": 7, "agent_type": [], "error": 5}',
    "other tasks": b'{"session_id": "owner", "background_tasks": [1, null, {"type": null, "command": 3}]}',
    "another session": b'{"session_id": "' + b"x" * 100_000 + b'"}',
    "huge": b'{"session_id": "owner", "x": "' + b"x" * 6_000_000 + b'"}',
    "NaN": b'{"session_id": NaN, "last_assistant_message": Infinity}',
}


@each_hook
@pytest.mark.parametrize("data", INPUTS.values(), ids=INPUTS.keys())
def test_whatever_is_on_its_input_a_hook_does_not_fail(
    batch: Batch, plugin: Plugin, hook: str, data: bytes
) -> None:
    batch.begin()
    _is_fine(plugin.hook(hook, batch.root, data))
    assert len(_log(batch.root)) <= 1
    assert batch.fields["status"] == "in_progress"


# --- where it runs ----------------------------------------------------------------------------------


@each_hook
def test_without_an_environment_it_is_quiet(batch: Batch, plugin: Plugin, hook: str, tmp_path: Path) -> None:
    batch.begin()
    answer = plugin.hook(hook, batch.root, EVENTS[hook], BATCH_IMPLEMENT_HOME=str(tmp_path / "none"))
    assert (answer.status, answer.stdout, answer.stderr) == (0, "", "")


@each_hook
def test_without_a_home_it_is_quiet(batch: Batch, plugin: Plugin, hook: str) -> None:
    batch.begin()
    _is_fine(plugin.hook(hook, batch.root, EVENTS[hook], HOME="unset", BATCH_IMPLEMENT_HOME="unset"))


def test_without_a_home_but_with_an_environment_it_answers(batch: Batch, plugin: Plugin) -> None:
    batch.begin()
    assert _tells_of_the_batch(plugin.hook("stop", batch.root, EVENTS["stop"], HOME="unset"))


@each_hook
def test_a_project_folder_that_is_gone_is_no_project(plugin: Plugin, hook: str, tmp_path: Path) -> None:
    answer = plugin.hook(hook, tmp_path, EVENTS[hook], CLAUDE_PROJECT_DIR=str(tmp_path / "gone/deeper"))
    assert (answer.status, answer.stdout) == (0, "")


@each_hook
@pytest.mark.parametrize("project", ["/", ".", "", "relative/path"])
def test_an_odd_project_folder_is_no_project(plugin: Plugin, hook: str, project: str, tmp_path: Path) -> None:
    answer = plugin.hook(hook, tmp_path, EVENTS[hook], CLAUDE_PROJECT_DIR=project)
    assert (answer.status, answer.stdout) == (0, "")


@each_hook
def test_a_project_whose_path_has_blanks_and_quotes_is_found(
    batch: Batch, plugin: Plugin, hook: str, tmp_path: Path
) -> None:
    batch.begin()
    odd = tmp_path / "my 'own' \"$(project)\" ;"
    batch.root.rename(odd)
    answer = plugin.hook(hook, odd, EVENTS[hook])
    _is_fine(answer)
    if hook in {"session-start", "stop", "subagent-start"}:
        assert _tells_of_the_batch(answer)
    odd.rename(batch.root)


# --- a project without a batch ----------------------------------------------------------------------


@pytest.fixture
def idle(tmp_path: Path) -> Path:
    """A repository that never had a batch, and has settings of Claude Code's."""
    root = tmp_path / "idle project"
    (root / ".git").mkdir(parents=True)
    (root / ".claude").mkdir()
    (root / "src/deep").mkdir(parents=True)
    return root


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@each_hook
@pytest.mark.parametrize("place", [".", "src/deep"])
def test_without_a_batch_a_hook_starts_no_program(
    plugin: Plugin, hook: str, idle: Path, place: str, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    watched = [str(STRACE), "-f", "-e", "trace=execve,fork,vfork,clone,clone3", "-o", str(trace)]
    finished = subprocess.run(
        [*watched, str(ROOT / "hooks" / hook)],
        cwd=idle / place,
        env={"CLAUDE_PROJECT_DIR": str(idle / place), "BATCH_IMPLEMENT_HOME": str(plugin.home), "PATH": ""},
        input=json.dumps(EVENTS[hook]).encode(),
        capture_output=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"", b"")
    calls = [line for line in trace.read_text().splitlines() if "(" in line and "+++" not in line]
    assert len(calls) == 1  # the shell itself
    assert "execve" in calls[0]


@each_hook
def test_without_a_batch_nothing_is_made(plugin: Plugin, hook: str, idle: Path) -> None:
    before = sorted(idle.rglob("*"))
    answer = plugin.hook(hook, idle, EVENTS[hook])
    assert (answer.status, answer.stdout, answer.stderr) == (0, "", "")
    assert sorted(idle.rglob("*")) == before


@each_hook
def test_outside_of_any_repository_it_is_quiet(plugin: Plugin, hook: str) -> None:
    answer = plugin.hook(hook, Path("/proc"), EVENTS[hook])
    assert (answer.status, answer.stdout) == (0, "")
