"""Long batches in the real client that are disturbed at random moments, and what has to hold afterwards.

The model is the scripted one: it knows only what it is sent, and no person says a word.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.client import developers
from tests.client.batch_project import REPOSITORY, BatchProject
from tests.client.headless_run import start_headless

from batch_implement.demo import scripted_developer
from batch_implement.demo.loopback_model import LoopbackModel
from batch_implement.execution.client.session import Prompt, run_headless

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.client.headless_run import HeadlessRun

    from batch_implement.execution.client.session import Client

    ClientFactory = Callable[..., Client]

COMMAND = "/batch-implement features.txt"
RESUME = "/batch-implement --resume"
WINDOW = {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "100000"}
TIMEOUT = 3600.0
# A command of ours takes about so long (seconds): within it, it is killed.
_COMMAND_SECONDS = 0.8
_KILLED_COMMANDS = (b"done", b"next")


@dataclass(frozen=True)
class Run:
    """A batch that has ended; ``disturbances`` is how often it was really disturbed."""

    disturbances: int
    sessions: int
    seconds: float


def with_compactions(
    make_client: ClientFactory, project: BatchProject, *, features: int, moments: int, seed: int
) -> Run:
    """Auto-compactions within features, while an agent's report is new, and between two features.

    After three of them within three turns each Claude Code gives the session up; another one goes on.
    """
    chosen = random.Random(seed).sample(range(1, 2 * features), moments)  # noqa: S311 -- to be repeated
    policy = developers.compacting(
        after_agents={moment // 2 + 1 for moment in chosen if moment % 2 == 0},
        after_done={moment // 2 + 1 for moment in chosen if moment % 2 == 1},
    )
    started, sessions = time.monotonic(), 1
    with LoopbackModel(policy) as model:
        client = make_client(model, REPOSITORY, **WINDOW)
        run_headless(client, _prompt(COMMAND), project=project.root, timeout=TIMEOUT)
        while project.wake and sessions <= moments:
            project.pass_time()
            run_headless(client, _prompt(RESUME), project=project.root, timeout=TIMEOUT)
            sessions += 1
    project.assert_complete(features)
    return Run(project.state["compactions"], sessions, time.monotonic() - started)


def with_client_kills(
    make_client: ClientFactory, project: BatchProject, *, features: int, moments: int, seed: int
) -> Run:
    """SIGKILL to the client, which leaves its commands running; then it is continued, or another begins."""
    chance = random.Random(seed)  # noqa: S311 -- to be repeated
    after = sorted(chance.choices(range(features), k=moments))
    started, kills, sessions = time.monotonic(), 0, 0
    with LoopbackModel(scripted_developer.answer) as model:
        client = make_client(model, REPOSITORY)
        prompt = _prompt(COMMAND)
        while project.status not in {"completed", "paused"}:
            run = start_headless(client, prompt, project=project.root, timeout=TIMEOUT)
            sessions += 1
            assert sessions <= 2 * moments + 2, "sessions end by themselves before the batch has"
            if after and _killed(run, project, after.pop(0), chance.uniform(0, 2)):
                kills += 1
            run.wait()
            if not project.status:  # killed before there was a batch
                prompt = _prompt(COMMAND)
            else:
                prompt = (
                    _prompt(RESUME) if chance.random() < 0.5 else _prompt("Go on.", options=("--continue",))
                )
    project.assert_complete(features)
    return Run(kills, sessions, time.monotonic() - started)


def with_command_kills(
    make_client: ClientFactory, project: BatchProject, *, features: int, moments: int, seed: int
) -> Run:
    """SIGKILL to ``batch-implement`` itself, at any moment of what it does."""
    started = time.monotonic()
    with (
        LoopbackModel(scripted_developer.answer) as model,
        _CommandKiller(project.root, moments, seed) as killer,
    ):
        run_headless(make_client(model, REPOSITORY), _prompt(COMMAND), project=project.root, timeout=TIMEOUT)
    project.assert_complete(features)
    return Run(killer.kills, 1, time.monotonic() - started)


def _prompt(text: str, **options: Any) -> Prompt:
    return Prompt(text, permission_mode="acceptEdits", allowed_tools=("Bash",), **options)


def _killed(run: HeadlessRun, project: BatchProject, done: int, later: float) -> bool:
    """Kill a session some time after so many features are done; False when it ended before."""
    while run.running and len(project.completed) < done:
        time.sleep(0.02)
    deadline = time.monotonic() + later
    while run.running and time.monotonic() < deadline:
        time.sleep(0.02)
    if not run.running:
        return False
    run.kill()
    return True


class _CommandKiller:
    """Looks for commands of a project and kills every other one that it finds, up to a number."""

    def __init__(self, project: Path, most: int, seed: int) -> None:
        self._project = project
        self._most = most
        self._chance = random.Random(seed)  # noqa: S311 -- to be repeated
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._hunt, daemon=True)
        self.kills = 0

    def __enter__(self) -> _CommandKiller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _hunt(self) -> None:
        spared: set[int] = set()
        while self.kills < self._most and not self._ending.wait(0.01):
            for pid in self._commands() - spared:
                spared.add(pid)
                if self._chance.random() < 0.5:
                    self._ending.wait(self._chance.uniform(0, _COMMAND_SECONDS))
                    # Looked at again: the number may be another program's by now.
                    if self._is_ours(pid):
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                            self.kills += 1

    def _commands(self) -> set[int]:
        names = (path.name for path in Path("/proc").iterdir())
        return {int(name) for name in names if name.isdigit() and self._is_ours(int(name))}

    def _is_ours(self, pid: int) -> bool:
        """Whether it is a command itself, and not its child that is about to become git."""
        process = Path(f"/proc/{pid}")
        try:
            inside = process.joinpath("cwd").readlink() == self._project
            parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            words = process.joinpath("cmdline").read_bytes().split(b"\0")
            above = Path(f"/proc/{parent}/cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended
            return False
        return (
            inside
            and any(word in words for word in _KILLED_COMMANDS)
            and _is_program(words)
            and not _is_program(above)
        )


def _is_program(words: list[bytes]) -> bool:
    return any(word.endswith(b"/batch_implement/__main__.py") for word in words)
