"""A run of the check command that outlives whoever asked for it.

The Bash tool ends a command after some minutes, and a check may take an hour. So the check is run by a
process of its own, which writes what came of it into a file; whoever asks again about the same tree picks
up the run that is going, or its result. That process has the environment it is given and nothing of its
caller's, and no value of that is in a file.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.proof.check_command import CheckCommand, Step
from batch_implement.proof.check_ending import EndWithChild, end_run, is_alive
from batch_implement.proof.check_files import RunFiles, all_runs, slot_of
from batch_implement.proof.check_steps import CheckResult, run_steps
from batch_implement.proof.results import stored
from batch_implement.proof.second_look.asked import (
    Asked,
    asked_of,
    findings_from_json,
    findings_to_json,
    look,
)
from batch_implement.proof.second_look.kept_sight import forget_sight
from batch_implement.state.home import BATCHES
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.patience import Delay
from batch_implement.system.process import identity, program
from batch_implement.system.process.daemon import become_daemon, start_daemon

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOCK_NAME = "check.lock"
_POLL = 0.05


@dataclass(frozen=True)
class CheckRequest:
    """What is to be run on which tree; two equal requests are the same run.

    ``fingerprint`` is the content id of the working tree, ``timeout`` the seconds for all steps
    together; ``purpose`` tells runs on the same tree apart. ``asked`` are the second runs that follow a check
    that has passed.
    """

    steps: tuple[Step, ...]
    fingerprint: str
    timeout: int
    purpose: str = ""
    asked: Asked | None = None

    @property
    def command(self) -> CheckCommand:
        return CheckCommand(self.steps, "")


def run_or_pick_up(
    home: Path, request: CheckRequest, *, workspace: Path, environment: Mapping[str, str], wait: float
) -> CheckResult | None:
    """The result of a request, from a run that is going, has ended, or is started now in ``workspace``.

    ``environment`` is what the check is started with. Its files are below ``home``, and one check runs in
    each workspace at a time. None when it is still going after ``wait`` seconds: ask again. A run for
    anything else is ended first: its tree is gone.
    """
    deadline, waited = time.monotonic() + wait, Delay("check", str(request.command), wait)
    slot = slot_of(home, workspace)
    with Folder.open(home, *BATCHES, create=True) as folder:
        files = RunFiles(folder, slot)
        with locked(folder, _LOCK_NAME, program.DEFAULT_TIMEOUT):
            if not _is_going(files, request):
                end_run(files)
                files.begin(_plain(request))
                start_daemon([*_worker(), str(home), slot], cwd=workspace, environment=environment)
        while True:
            # In this order: a run that ends after we looked for it has written its result before.
            alive = is_alive(files.read())
            noted = files.read()
            if noted.get("request") == _plain(request) and "result" in noted:
                return _result(noted["result"])
            if not alive:
                files.forget_request()
                return _died(request)
            if time.monotonic() >= deadline:
                return None
            waited.goes_on()
            time.sleep(_POLL)


def forget(home: Path) -> None:
    """End the runs that are going and remove their files."""
    try:
        with Folder.open(home, *BATCHES) as folder:
            for files in all_runs(folder):
                end_run(files)
                files.remove()
            forget_sight(folder)
    except FileNotFoundError:
        return


def work(home: Path, workspace: Path, slot: str) -> None:
    """What the process in the background does: run the request's steps, write down what came of it."""
    with Folder.open(home, *BATCHES) as folder:
        files = RunFiles(folder, slot)
        request = _request(files.read_request())
        run: dict[str, Any] = {"request": _plain(request)}

        def announce() -> None:
            run["worker"] = identity.identity(os.getpid())
            files.write(run)

        ending = EndWithChild()

        def on_start(group: int) -> None:
            ending.child_began(group)
            run.setdefault("groups", []).append(identity.identity(group))
            files.write(run)

        become_daemon(announce)
        result = run_steps(
            workspace, request.steps, request.timeout, environment=os.environ, on_start=on_start
        )
        files.write(
            {**run, "result": _plain_result(_looked_again(home, workspace, request, result, on_start))}
        )


def _looked_again(
    home: Path, workspace: Path, request: CheckRequest, result: CheckResult, on_start: Callable[[int], None]
) -> CheckResult:
    """A result that failed needs no second look."""
    if request.asked is None or not result.succeeded or (result.results and result.results.failures):
        return result
    findings = look(
        home,
        workspace,
        request.asked,
        request.steps,
        result.results,
        timeout=request.timeout,
        environment=os.environ,
        on_start=on_start,
    )
    return replace(result, findings=findings)


def _worker() -> list[str]:
    main = Path(__file__).parents[1] / "__main__.py"
    return [sys.executable, "-I", "-S", str(main), "_check"]


def _is_going(files: RunFiles, request: CheckRequest) -> bool:
    """Whether this very request was made before and its run is alive, starting, or has a result."""
    if files.read_request() != _plain(request):
        return False
    run = files.read()
    return run.get("request") == _plain(request) and ("result" in run or is_alive(run))


def _died(request: CheckRequest) -> CheckResult:
    return CheckResult(
        -9,
        timed_out=False,
        seconds=0.0,
        output=f"The run of {request.command} was ended from outside before it had a result. Ask again.",
        results=None,
    )


def _plain(request: CheckRequest) -> dict[str, Any]:
    """As it reads when it comes back from a file: tuples are lists there."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(request)))
    return plain


def _request(fields: dict[str, Any]) -> CheckRequest:
    steps = tuple(
        Step(tuple(step["argv"]), tuple((name, value) for name, value in step["variables"]))
        for step in fields["steps"]
    )
    asked = asked_of(fields["asked"])
    return CheckRequest(steps, fields["fingerprint"], fields["timeout"], fields["purpose"], asked)


def _plain_result(result: CheckResult) -> dict[str, Any]:
    results = stored.to_json(result.results) if result.results is not None else None
    return {**vars(result), "results": results, "findings": findings_to_json(result.findings)}


def _result(fields: dict[str, Any]) -> CheckResult:
    results = stored.from_json(fields["results"]) if fields["results"] is not None else None
    findings = findings_from_json(fields["findings"])
    return CheckResult(**{**fields, "results": results, "findings": findings})
