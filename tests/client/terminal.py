"""An interactive session of the real client, typed into and read through tmux."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.execution.client.session import API_KEY
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from batch_implement.execution.client.session import Client

PROMPT = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"
_SIZE = (180, 50)


class ScreenTimeoutError(AssertionError):
    """What was waited for did not come; the message holds the screen as it was."""


def prepare_home(home: Path, project: Path) -> None:
    """Answer beforehand what a first interactive start asks; one of the questions needs the network."""
    answers = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        # Otherwise a slow machine may read it before the client has written it, and is asked about renderers.
        "firstStartVersion": "2.1.329",
        "customApiKeyResponses": {"approved": [API_KEY], "rejected": []},
        "projects": {str(project): {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}},
    }
    (home / ".claude.json").write_text(json.dumps(answers), encoding="utf-8")


class Terminal:
    """A ``with`` block around one session; its tmux server is its own and ends with it.

    The mode is given because the default one asks a server of the vendor's before each tool call.
    """

    def __init__(
        self,
        client: Client,
        project: Path,
        *arguments: str,
        permission_mode: str = "acceptEdits",
        size: tuple[int, int] = _SIZE,
    ) -> None:
        columns, rows = size
        self._size = ("-x", str(columns), "-y", str(rows))
        self._client = client
        self._project = project
        self._arguments = ("--permission-mode", permission_mode, *arguments)
        # Not below pytest's folder: the name of a socket may have 107 bytes.
        self._sockets = Path(tempfile.mkdtemp(prefix="tmux-"))
        self.pid = 0

    @property
    def home(self) -> Path:
        return self._client.home

    def __enter__(self) -> Self:
        prepare_home(self._client.home, self._project)
        command = self._client.command(*self._arguments)
        self._tmux("-f", os.devnull, "new-session", "-d", *self._size, "-c", str(self._project), *command)
        self.pid = int(self._tmux("display-message", "-p", "#{pane_pid}"))
        try:
            self.wait_for(PROMPT)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def type(self, text: str) -> None:
        """Type a line and send it."""
        self._tmux("send-keys", "-l", "--", text)
        # The list of commands opens while a slash command is typed; Enter before it is there picks nothing.
        self.wait_for(text[:40])
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``Escape``, ``C-c``, ``Down``."""
        self._tmux("send-keys", *keys)

    def interrupt(self) -> None:
        self.press("Escape")

    def screen(self) -> str:
        """What is on the screen and what has scrolled out of it."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-2000")

    def transcript(self) -> str:
        """The session's own record so far, JSON lines of every conversation in this home."""
        records = sorted(self._client.home.glob(".claude/projects/*/*.jsonl"))
        return "".join(record.read_text(encoding="utf-8") for record in records)

    def wait_for(self, awaited: str | Callable[[], object], timeout: float = 30.0) -> None:
        """Wait until a text is on the screen, or until a function returns something true."""
        deadline = time.monotonic() + timeout
        while not (awaited in self.screen() if isinstance(awaited, str) else awaited()):
            if time.monotonic() > deadline:
                raise ScreenTimeoutError(f"Waited {timeout} s for {awaited!r}; the screen:\n{self.screen()}")
            time.sleep(0.05)

    def _tmux(self, *arguments: str) -> str:
        socket = self._sockets / "socket"
        finished = program.run(["tmux", "-S", str(socket), *arguments], cwd=self._project, timeout=20)
        assert finished.ok, f"tmux {arguments[0]}: {finished.error_text}"
        return finished.text

    def _end(self) -> None:
        """End the client before its terminal, and kindly: killed, it leaves monitors and shells behind."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        while self._alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        self._signal(signal.SIGKILL)
        socket = self._sockets / "socket"
        program.run(["tmux", "-S", str(socket), "kill-server"], cwd=self._sockets, timeout=20)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _alive(self) -> bool:
        return self._signal(0)

    def _signal(self, number: int) -> bool:
        """Send a signal to the client; False where there is none (any more)."""
        if not self.pid:
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            self.pid = 0
            return False
        return True
