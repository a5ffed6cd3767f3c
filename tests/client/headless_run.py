"""A headless session of the real client that goes on beside the test."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from batch_implement.errors import ProcessError
from batch_implement.execution.client.session import result_of
from batch_implement.system.process import program
from batch_implement.system.process.group import end_group

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.execution.client.session import Client, ClientResult, Prompt


class HeadlessRun:
    """A headless session that is going on, to be killed in the middle of what it does."""

    def __init__(self, client: Client, prompt: Prompt, project: Path, timeout: float) -> None:
        self._command = client.command(*prompt.arguments())
        self._started = threading.Event()
        self._group = 0
        self._outcome: program.Finished | ProcessError | None = None
        self._thread = threading.Thread(target=self._run, args=(project, timeout), daemon=True)
        self._thread.start()
        self._started.wait()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def pid(self) -> int:
        """The client's process id, which is its process group's too; its shells lead groups of their own."""
        return self._group

    def kill(self) -> ClientResult:
        """SIGKILL the client and what is in its group, as a crash of the machine's would."""
        if self.running and self._group:
            end_group(self._group)
        return self.wait()

    def wait(self) -> ClientResult:
        """Wait for the end. Raises :class:`ProcessError` when the client could not be started."""
        self._thread.join()
        if isinstance(self._outcome, program.Finished):
            return result_of(self._outcome)
        raise self._outcome or ProcessError("The session's thread ended without a result.")

    def _run(self, project: Path, timeout: float) -> None:
        try:
            self._outcome = program.run(
                self._command, cwd=project, timeout=timeout, on_start=self._note_start
            )
        except ProcessError as error:
            self._outcome = error
        finally:
            self._started.set()

    def _note_start(self, group: int) -> None:
        self._group = group
        self._started.set()


def start_headless(client: Client, prompt: Prompt, *, project: Path, timeout: float = 300.0) -> HeadlessRun:
    """The same as :func:`run_headless`, without waiting for its end."""
    return HeadlessRun(client, prompt, project, timeout)
