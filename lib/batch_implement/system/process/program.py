"""The one door to other programs.

Nothing else in the package starts a process. A program gets an argument list, never a shell; no
terminal and an empty standard input, so that nothing can wait for an answer; a time limit that ends
the whole process group; and a bound on what is kept of its output.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from batch_implement.errors import ProcessError
from batch_implement.system.patience import Delay
from batch_implement.system.process.group import end_group, terminate_group
from batch_implement.system.process.unattended_environment import unattended_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

DEFAULT_TIMEOUT = 60.0
OUTPUT_LIMIT = 4 * 1024 * 1024
_GRACE = 2.0


@dataclass(frozen=True)
class Finished:
    """A program that has ended.

    ``returncode`` is negative for a signal, as in :mod:`subprocess`. ``stdout`` and ``stderr`` hold at
    most the output limit each, the end of it where there was more (``truncated``). ``seconds`` is wall
    time.
    """

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    truncated: bool = False

    @property
    def ok(self) -> bool:
        return self.returncode == 0 and not self.timed_out

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8", "replace")

    @property
    def error_text(self) -> str:
        return self.stderr.decode("utf-8", "replace")


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout: float = DEFAULT_TIMEOUT,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    output_limit: int = OUTPUT_LIMIT,
    merge_stderr: bool = False,
    on_start: Callable[[int], None] | None = None,
) -> Finished:
    """Run a program to its end and return what it said; a failing exit status is not an error here.

    ``env`` is laid over :func:`unattended_environment`. ``merge_stderr`` puts both streams into
    ``stdout`` in the order they were written; ``on_start`` is told the process group. Raises
    :class:`ProcessError` when the program can't be started at all. After ``timeout`` seconds the process
    group is terminated, after two more it is killed.
    """
    started = time.monotonic()
    try:
        process = subprocess.Popen(  # noqa: S603 -- an argument list, and the one place that runs one
            list(argv),
            cwd=cwd,
            env=unattended_environment(env),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge_stderr else subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ProcessError(f"Could not start {argv[0]!r} in {cwd}: {error}.") from error
    delay = Delay("program", called(argv), timeout)
    with process:
        if on_start is not None:
            on_start(process.pid)
        stdout, stderr, timed_out = _communicate(process, stdin, started + timeout, output_limit, delay)
        end_group(process.pid)
    return Finished(
        argv=tuple(argv),
        returncode=process.returncode,
        stdout=stdout.tail(),
        stderr=stderr.tail(),
        seconds=time.monotonic() - started,
        timed_out=timed_out,
        truncated=stdout.dropped or stderr.dropped,
    )


def called(argv: Sequence[str]) -> str:
    """``git push`` of a whole command line: which program, and what it is told to do."""
    told = iter(argv[1:])
    name = argv[0].rpartition("/")[2]
    for word in told:
        if word in {"-c", "-C"}:
            next(told, "")
        elif not word.startswith("-") and "=" not in word:
            return f"{name} {word.rpartition('/')[2]}"
    return name


class _Tail:
    """Keeps the end of a stream within a limit, in constant memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self.dropped = False

    def add(self, chunk: bytes) -> None:
        self._data += chunk
        if len(self._data) > 2 * self._limit:
            del self._data[: -self._limit]
            self.dropped = True

    def tail(self) -> bytes:
        if len(self._data) > self._limit:
            self.dropped = True
            return bytes(self._data[-self._limit :])
        return bytes(self._data)


def _communicate(
    process: subprocess.Popen[bytes], stdin: bytes, deadline: float, limit: int, delay: Delay
) -> tuple[_Tail, _Tail, bool]:
    """Feed and drain the pipes until the program has ended or its time is up.

    A grandchild that keeps a pipe open does not hold us: once the program itself has ended, what it
    left in the pipes is read and no more is waited for.
    """
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    tails = {stream: _Tail(limit) for stream in streams}
    timed_out = False
    with selectors.DefaultSelector() as selector:
        for stream in tails:
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        pending = memoryview(stdin)
        while selector.get_map():
            delay.goes_on()
            ended = process.poll() is not None
            if not ended and time.monotonic() >= deadline:
                if timed_out:
                    end_group(process.pid)
                    break
                timed_out, deadline = True, time.monotonic() + _GRACE
                terminate_group(process.pid)
            ready = selector.select(0 if ended else min(0.05, max(0.0, deadline - time.monotonic())))
            if ended and not ready:
                break
            for key, _ in ready:
                if process.stdin is not None and key.fileobj is process.stdin:
                    pending = _feed(process.stdin, pending, selector)
                else:
                    _drain(cast("IO[bytes]", key.fileobj), tails, selector)
    _wait(process, deadline)
    return tails[streams[0]], tails[streams[1]] if len(streams) > 1 else _Tail(limit), timed_out


def _feed(stream: IO[bytes], pending: memoryview, selector: selectors.BaseSelector) -> memoryview:
    try:
        pending = pending[os.write(stream.fileno(), pending[:65536]) :]
    except BrokenPipeError:
        pending = pending[len(pending) :]
    if not pending:
        selector.unregister(stream)
        stream.close()
    return pending


def _drain(stream: IO[bytes], tails: Mapping[IO[bytes], _Tail], selector: selectors.BaseSelector) -> None:
    chunk = os.read(stream.fileno(), 65536)
    if chunk:
        tails[stream].add(chunk)
    else:
        selector.unregister(stream)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> None:
    """Wait for the exit status; a program that closed its pipes and lives on is ended at its time."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        end_group(process.pid)
        process.wait()
