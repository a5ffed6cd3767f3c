"""A run of the check command that outlives whoever asked for it.

The Bash tool ends a command after some minutes, and a check may take an hour. So the check is run by a
process of its own, which writes what came of it into a file; whoever asks again about the same tree picks
up the run that is going, or its result.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from batch_implement.proof.check_command import CheckCommand, Step
from batch_implement.proof.check_steps import CheckResult, run_steps
from batch_implement.proof.counting import Tests
from batch_implement.state.home import BATCHES
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.patience import Delay
from batch_implement.system.process import identity, program
from batch_implement.system.process.daemon import become_daemon, start_daemon
from batch_implement.system.process.group import end_group, end_tree

_REQUEST = "check-request"
_RUN = "check-run"
_LOCK_NAME = "check.lock"
_POLL = 0.05
_END_GRACE = 2.0


@dataclass(frozen=True)
class CheckRequest:
    """What is to be run on which tree; two equal requests are the same run.

    ``fingerprint`` is the content id of the working tree, ``timeout`` the seconds for all steps
    together; ``purpose`` tells runs on the same tree apart.
    """

    steps: tuple[Step, ...]
    fingerprint: str
    timeout: int
    purpose: str = ""

    @property
    def command(self) -> CheckCommand:
        return CheckCommand(self.steps, "")


def run_or_pick_up(home: Path, request: CheckRequest, *, workspace: Path, wait: float) -> CheckResult | None:
    """The result of a request, from a run that is going, has ended, or is started now in ``workspace``.

    Its files are below ``home``, and one check runs in each workspace at a time. None when it is still going
    after ``wait`` seconds: ask again. A run for anything else is ended first: its tree is gone.
    """
    deadline, waited = time.monotonic() + wait, Delay("check", str(request.command), wait)
    slot = _slot_of(home, workspace)
    with Folder.open(home, *BATCHES, create=True) as folder:
        run = _Run(folder, slot)
        with locked(folder, _LOCK_NAME, program.DEFAULT_TIMEOUT):
            if not run.is_going(request):
                run.end()
                folder.write(run.request_name, json.dumps(asdict(request)).encode())
                folder.remove(run.name)
                start_daemon([*_worker(), str(home), slot], cwd=workspace)
        while True:
            # In this order: a run that ends after we looked for it has written its result before.
            alive = _is_alive(run.read())
            noted = run.read()
            if noted.get("request") == _plain(request) and "result" in noted:
                return _result(noted["result"])
            if not alive:
                folder.remove(run.request_name)
                return _died(request)
            if time.monotonic() >= deadline:
                return None
            waited.goes_on()
            time.sleep(_POLL)


def forget(home: Path) -> None:
    """End the runs that are going and remove their files."""
    try:
        with Folder.open(home, *BATCHES) as folder:
            for name in folder.names():
                if name.startswith(_REQUEST):
                    run = _Run(folder, name.removeprefix(_REQUEST).removesuffix(".json"))
                    run.end()
                    folder.remove(run.request_name)
                    folder.remove(run.name)
            folder.remove(f"{_RUN}.json")
    except FileNotFoundError:
        return


def work(home: Path, workspace: Path, slot: str) -> None:
    """What the process in the background does: run the request's steps, write down what came of it."""
    with Folder.open(home, *BATCHES) as folder:
        files = _Run(folder, slot)
        request = _request(_read(folder, files.request_name))
        run: dict[str, Any] = {"request": _plain(request)}

        def announce() -> None:
            run["worker"] = identity.identity(os.getpid())
            folder.write(files.name, json.dumps(run).encode())

        ending = _EndWithChild()

        def on_start(group: int) -> None:
            ending.child_began(group)
            started = {**run, "group": identity.identity(group)}
            folder.write(files.name, json.dumps(started).encode())

        become_daemon(announce)
        result = run_steps(workspace, request.steps, request.timeout, on_start)
        folder.write(files.name, json.dumps({**run, "result": asdict(result)}).encode())


def _worker() -> list[str]:
    main = Path(__file__).parents[1] / "__main__.py"
    return [sys.executable, "-I", "-S", str(main), "_check"]


def _slot_of(home: Path, workspace: Path) -> str:
    """What tells the files of a workspace's run apart; nothing for the main tree's."""
    return "" if workspace == home else f"-{zlib.crc32(os.fsencode(workspace)):08x}"


@dataclass(frozen=True)
class _Run:
    """The files of the run in one workspace."""

    folder: Folder
    slot: str

    @property
    def name(self) -> str:
        return f"{_RUN}{self.slot}.json"

    @property
    def request_name(self) -> str:
        return f"{_REQUEST}{self.slot}.json"

    def read(self) -> dict[str, Any]:
        return _read(self.folder, self.name)

    def is_going(self, request: CheckRequest) -> bool:
        """Whether this very request was made before and its run is alive, starting, or has a result."""
        if _read(self.folder, self.request_name) != _plain(request):
            return False
        run = self.read()
        return run.get("request") == _plain(request) and ("result" in run or _is_alive(run))

    def end(self) -> None:
        """End the run and what it started, which goes on when only the run itself was killed."""
        run = self.read()
        if "result" in run:
            return
        worker = identity.live_process(str(run.get("worker", "")))
        if worker:
            os.kill(worker, signal.SIGTERM)
            deadline = time.monotonic() + _END_GRACE
            while identity.live_process(str(run["worker"])) and time.monotonic() < deadline:
                time.sleep(_POLL)
            run = self.read()
        for role in ("worker", "group"):
            leader = identity.live_process(str(run.get(role, "")))
            if leader:
                end_tree(leader)


def _is_alive(run: dict[str, Any]) -> bool:
    return identity.live_process(str(run.get("worker", ""))) > 0


class _EndWithChild:
    """On SIGTERM, end the check's own group too: even one that began a moment ago and is noted nowhere."""

    def __init__(self) -> None:
        self._group = 0
        self._asked = False
        signal.signal(signal.SIGTERM, self._end)

    def child_began(self, group: int) -> None:
        self._group = group
        if self._asked:
            self._end()

    def _end(self, *_: object) -> None:
        self._asked = True
        if self._group:
            end_group(self._group)
            os._exit(1)


def _died(request: CheckRequest) -> CheckResult:
    return CheckResult(
        -9,
        timed_out=False,
        seconds=0.0,
        output=f"The run of {request.command} was ended from outside before it had a result. Ask again.",
        tests=None,
    )


def _read(folder: Folder, name: str) -> dict[str, Any]:
    """A file's JSON object; empty when it is missing or not one."""
    try:
        found = json.loads(folder.read(name, 1024 * 1024))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _plain(request: CheckRequest) -> dict[str, Any]:
    """As it reads when it comes back from a file: tuples are lists there."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(request)))
    return plain


def _request(fields: dict[str, Any]) -> CheckRequest:
    steps = tuple(
        Step(tuple(step["argv"]), tuple((name, value) for name, value in step["variables"]))
        for step in fields["steps"]
    )
    return CheckRequest(steps, fields["fingerprint"], fields["timeout"], fields["purpose"])


def _result(fields: dict[str, Any]) -> CheckResult:
    tests = Tests(*fields["tests"]) if fields["tests"] else None
    return CheckResult(fields["exit_code"], fields["timed_out"], fields["seconds"], fields["output"], tests)
