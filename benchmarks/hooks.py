"""What a hook costs, in starts of a bare interpreter: python -m benchmarks.hooks [ROUNDS]

Each hook is run as Claude Code runs it: the script itself (exec form, no shell between), the event as JSON
on standard input, the environment of a hook. One is the wall time of ``python -c pass`` with the interpreter
of the plugin's own environment; all are run in turn, and medians are compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from benchmarks import batches  # noqa: E402 -- needs the path above
from benchmarks.interleaved import Program, measure  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 40
FEATURES = 100
DEPTH = 12
_LONGEST_BEHIND = 60.0
STRANGER = "3f0c6d1e-0000-4000-8000-000000000002"
_BARE = "python -c pass"
_EVENTS: dict[str, dict[str, object]] = {
    "SessionStart": {"source": "compact"},
    "Stop": {"stop_hook_active": False, "last_assistant_message": "all done", "background_tasks": []},
    "StopFailure": {"error": "server_error", "last_assistant_message": "API Error: 500 boom."},
    "SubagentStart": {"agent_id": "a171a37935ca8f04e", "agent_type": "batch-implement:feature-implementer"},
    "SubagentStop": {"agent_id": "a171a37935ca8f04e", "agent_type": "batch-implement:feature-implementer"},
    "PreToolUse": {
        "tool_name": "Agent",
        "tool_input": {"subagent_type": "batch-implement:feature-implementer", "prompt": "Feature 1"},
    },
    "PostToolUse": {"tool_name": "Bash", "tool_input": {"command": "batch-implement done 1"}},
    "UserPromptSubmit": {"prompt": "go on"},
    "PermissionRequest": {"tool_name": "Bash", "tool_input": {"command": "batch-implement next"}},
}
_SLASH = {
    "expansion_type": "slash_command",
    "command_name": "batch-implement:batch-status",
    "command_args": "",
    "command_source": "plugin",
    "prompt": "/batch-implement:batch-status",
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    python = batches.python()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = batches.make_repository(folder / "plain")
        deep = plain.joinpath(*"a" * DEPTH)
        deep.mkdir(parents=True)
        outside = (folder / "outside").joinpath(*"a" * DEPTH)
        outside.mkdir(parents=True)
        busy = batches.make_repository(folder / "busy")
        batches.begin_batch(busy, FEATURES)
        kept = batches.Kept(busy)

        def put_back() -> None:
            _await_what_is_behind(busy)
            kept.put_back()

        _without_a_batch(python, {"": plain, ", 12 folders deep": deep, ", no repository": outside}, rounds)
        _with_a_batch(python, busy, put_back, rounds)
        print(
            f"\nStarts of what is called python on PATH, in place of which a recorder stands: {_shim(busy)}"
        )


def _without_a_batch(python: str, places: dict[str, Path], rounds: int) -> None:
    programs = {_BARE: _bare(python, places[""])}
    for where, place in places.items():
        programs |= {f"{event}{where}": _hook(event, place, batches.SESSION) for event in _EVENTS}
    _print("In a project without a batch (goal: at most 0.2):", programs, rounds)


def _with_a_batch(python: str, root: Path, put_back: Callable[[], None], rounds: int) -> None:
    programs = {_BARE: _bare(python, root), "python -I -S -c pass": _bare(python, root, "-I", "-S")}
    for whose, session in (("owner", batches.SESSION), ("stranger", STRANGER)):
        programs |= {f"{event}, {whose}": _hook(event, root, session, put_back) for event in _EVENTS}
    continued = _hook("SessionStart", root, batches.SESSION, put_back)
    resume = continued.stdin.replace(b'"compact"', b'"resume"')
    programs["SessionStart of --continue, owner"] = continued._replace(stdin=resume)
    # In the owner's session it goes on running beside it, so there is nothing to measure.
    programs["wake-up (async), stranger"] = _hook("WakeWhenDue", root, STRANGER, put_back)
    programs["/batch-status"] = _hook("UserPromptExpansion", root, batches.SESSION, put_back)
    _print(f"With a batch of {FEATURES} features at work (goal: at most 2):", programs, rounds)


def _await_what_is_behind(root: Path) -> None:
    """A hook may leave work behind its answer, which is not in its time and must not be in the next one's."""
    state = root / ".claude" / "batch_state.json"
    deadline = time.monotonic() + _LONGEST_BEHIND
    while True:
        if time.monotonic() > deadline:
            raise SystemExit(f"What a hook left behind its answer has not ended: {state}")
        fields = json.loads(state.read_text())
        judged = all(wait.get("is_judged", True) for wait in fields["waits"])
        if judged and fields["owner"].get("is_compared", True):
            break
        time.sleep(0.01)
    time.sleep(0.05)  # it has written its last, and ends


def _print(title: str, programs: dict[str, Program], rounds: int) -> None:
    times = measure(programs, rounds)
    print(f"\n{title}")
    for name, found in times.items():
        print(f"  {name:34} {found.over(times[_BARE])}")


def _bare(python: str, cwd: Path, *options: str) -> Program:
    return Program([python, *options, "-c", "pass"], cwd, batches.environment())


def _hook(event: str, project: Path, session: str, before: Callable[[], object] = lambda: None) -> Program:
    script = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in event)[1:]
    return Program(
        [str(ROOT / "hooks" / script)],
        project,
        _environment(project, session),
        _input(event, project, session),
        before,
    )


def _environment(project: Path, session: str) -> dict[str, str]:
    # A stranger's client is another process: this one's parent will do.
    client = os.getpid() if session == batches.SESSION else os.getppid()
    return batches.environment(session) | {
        "CLAUDE_PROJECT_DIR": str(project),
        "CLAUDE_PLUGIN_ROOT": str(ROOT),
        "CLAUDE_PLUGIN_DATA": str(batches.HOME / "data"),
        "CLAUDE_PID": str(client),
    }


def _input(event: str, project: Path, session: str) -> bytes:
    transcript = f"{Path.home()}/.claude/projects/-project/{session}.jsonl"
    common = {
        "session_id": session,
        "transcript_path": transcript,
        "cwd": str(project),
        "hook_event_name": event,
    }
    return json.dumps({**common, **_EVENTS.get(event, _SLASH)}).encode()


def _shim(root: Path) -> int:
    """How often the hooks and the command start what stands first on PATH under a name of Python's."""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        log.touch()
        for python in ("python", "python3", *(f"python3.{minor}" for minor in range(10, 15))):
            recorder = Path(name) / python
            recorder.write_text(f'#!/bin/sh\necho "$0" >>"{log}"\nexit 1\n')
            recorder.chmod(0o755)
        for command in _commands(root):
            environment = {**command.env, "PATH": f"{name}:{command.env['PATH']}"}
            subprocess.run(
                command.argv, cwd=root, env=environment, input=command.stdin, check=True, capture_output=True
            )
        return len(log.read_text().splitlines())


def _commands(root: Path) -> Iterator[Program]:
    for event in (*_EVENTS, "UserPromptExpansion"):
        yield _hook(event, root, batches.SESSION)
    yield Program([str(batches.PROGRAM), "next"], root, batches.environment(batches.SESSION))


if __name__ == "__main__":
    main()
