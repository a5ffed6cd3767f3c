"""The plugin as Claude Code starts it: its shell scripts, in an environment of a client's making."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[1]


def _repeated(question: str) -> str:
    """The word that a person is asked to type."""
    found = re.search(r"type (\d+)", question)
    return found[1] if found else ""


def _send(end: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):  # it was not read to its end
        end.sendall(data)
        end.shutdown(socket.SHUT_WR)


def at_a_terminal(
    argv: list[str], cwd: Path, environment: Mapping[str, str], answer: Callable[[str], str] = _repeated
) -> tuple[int, str]:
    """A program with a terminal of its own, whose questions are answered; its status and what it showed."""
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *argv],
        cwd=cwd,
        env=dict(environment),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown, asked = b"", False
    with contextlib.suppress(OSError):  # how a terminal tells of its end
        while piece := os.read(master, 4096):
            shown += piece
            if not asked and shown.rstrip().endswith(b"to go on:"):
                asked = True
                os.write(master, f"{answer(shown.decode())}\n".encode())
    os.close(master)
    return process.wait(), shown.decode().replace("\r\n", "\n")


@dataclass(frozen=True)
class Answer:
    """What a hook or a command came to. ``stdout`` is kept as it came."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def context(self) -> str:
        """What the hook tells Claude."""
        text: str = self.json["hookSpecificOutput"]["additionalContext"]
        return text


@dataclass(frozen=True)
class Plugin:
    """``home`` holds the plugin's Python environment; ``environment`` is what every call gets."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def hook(
        self, name: str, project: Path, event: Mapping[str, Any] | bytes = b"", **variables: str
    ) -> Answer:
        """One event, as the client tells it to the hook's script."""
        data = event if isinstance(event, bytes) else _told(project, event)
        script = ROOT / "hooks" / name
        return self._run([str(script)], project, data, {"CLAUDE_PROJECT_DIR": str(project), **variables})

    def command(self, project: Path, *arguments: str, **variables: str) -> Answer:
        """One call of ``batch-implement``, as the Bash tool makes it."""
        return self._run([str(ROOT / "bin/batch-implement"), *arguments], project, b"", variables)

    def typed(
        self, project: Path, *arguments: str, answer: Callable[[str], str] = _repeated, **variables: str
    ) -> Answer:
        """One call of ``batch-implement`` as a person makes it: at a terminal, answering what is asked."""
        argv = [str(ROOT / "bin/batch-implement"), *arguments]
        status, said = at_a_terminal(argv, project, self.variables(variables), answer)
        return Answer(status, said, "")

    def _run(self, argv: list[str], cwd: Path, data: bytes, variables: Mapping[str, str]) -> Answer:
        ours, theirs = socket.socketpair()  # as the client hands an event to a hook
        with ours, theirs:
            sending = threading.Thread(target=_send, args=(ours, data))
            sending.start()
            finished = subprocess.run(
                argv, cwd=cwd, env=self.variables(variables), stdin=theirs, capture_output=True, check=False
            )
            theirs.close()
            sending.join()
        return Answer(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    def variables(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The whole environment of a call."""
        environment = {
            "PATH": os.environ["PATH"],
            "BATCH_IMPLEMENT_HOME": str(self.home),
            "AI_AGENT": "claude-code_2-1-329_harness",
            **{name: os.environ[name] for name in ("HOME", "GIT_CONFIG_NOSYSTEM") if name in os.environ},
            **self.environment,
            **variables,
        }
        return {name: value for name, value in environment.items() if value != "unset"}


def _told(project: Path, event: Mapping[str, Any]) -> bytes:
    # In the client's order, which a hook relies on.
    session = {"session_id": event["session_id"]} if "session_id" in event else {}
    return json.dumps({**session, "cwd": str(project), **event}, separators=(",", ":")).encode()


@pytest.fixture(scope="session")
def plugin_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that is this one by another name, so that nothing has to be installed."""
    home = tmp_path_factory.mktemp("plugin home")
    (home / "env/bin").mkdir(parents=True)
    (home / "env/bin/python").symlink_to(sys.executable)
    packages = Path(sysconfig.get_path("purelib"))
    own = home / "env/lib" / packages.parent.name
    own.mkdir(parents=True)
    (own / packages.name).symlink_to(packages)
    shutil.copyfile(ROOT / "requirements.txt", home / "env/requirements.txt")
    return home


@pytest.fixture
def plugin(plugin_home: Path) -> Plugin:
    return Plugin(plugin_home, {"BATCH_VERIFY_COMMAND": "./check.sh", "BATCH_RETRY_ENABLED": "false"})
