"""Loaded into pytest: writes what became of each test into a folder beside this one.

It runs in the project's Python with the project's pytest, so it is plain Python 3.7 and needs nothing else.
An entry point beside it makes pytest load it: where PYTHONPATH does not reach, nothing is loaded, and
nothing fails for want of it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

_NESTED = "BATCH_RESULTS_PYTEST"
_REPORTS = Path(__file__).resolve().parents[1] / "reports"


def pytest_configure(config: Any) -> None:
    # A pytest that a test starts is that test's own affair; a worker of xdist is heard by its controller.
    if hasattr(config, "workerinput") or _NESTED in os.environ or config.option.collectonly:
        return
    try:
        recorder = _Recorder(str(getattr(config, "rootpath", None) or config.rootdir))
    except OSError:
        return
    os.environ[_NESTED] = str(os.getpid())
    config.pluginmanager.register(recorder, "batch_results_recorder")


class _Recorder:
    """Its file stays open: a test may put another file system or another ``open`` in place."""

    def __init__(self, root: Any) -> None:
        name = f"pytest-{os.getpid()}-{os.urandom(4).hex()}.jsonl"
        self._file = os.open(_REPORTS / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._pid = os.getpid()
        self._write, self._dumps = os.write, json.dumps
        self._phases: dict[tuple[str, str], list[str]] = {}
        self._say(folder=root)

    def _say(self, **event: Any) -> None:
        try:
            if os.getpid() == self._pid:
                self._write(self._file, (self._dumps(event) + "\n").encode())
        except (OSError, ValueError):
            pass

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._tell(str(report.nodeid) or "collection", "error")
        elif report.skipped:
            self._tell(str(report.nodeid), "skipped")

    def pytest_runtest_logstart(self, nodeid: Any) -> None:
        self._say(running=str(nodeid))

    def pytest_runtest_logreport(self, report: Any) -> None:
        name, outcome = str(report.nodeid), _outcome(report)
        # With --dist=each every worker runs a test, all of them under one name.
        key = (name, getattr(report, "worker_id", ""))
        if hasattr(report, "context"):
            self._tell(f"{name} > {_subtest(report.context)}", outcome)
            if outcome == "failed":
                self._phases.setdefault(key, []).append(outcome)
            return
        if report.outcome == "rerun":
            self._phases.pop(key, None)
            return
        phases = self._phases.setdefault(key, [])
        if report.when == "call" or outcome != "passed":
            phases.append(outcome)
        if report.when not in {"setup", "call"}:
            # Set up and torn down only, as with --setup-plan, it was not run.
            self._tell(name, _worst(self._phases.pop(key) or ["skipped"]))

    def pytest_sessionfinish(self, session: Any, exitstatus: Any) -> None:
        for (name, _), phases in self._phases.items():
            self._tell(name, _worst([*phases, "error"]))
        event: dict[str, object] = {"end": True}
        why = getattr(session, "shouldfail", False) or getattr(session, "shouldstop", False)
        if why:
            event["cut_off"] = str(why)
        elif int(exitstatus) in (2, 3):
            event["cut_off"] = "pytest was interrupted"
        self._say(**event)

    def pytest_unconfigure(self) -> None:
        os.environ.pop(_NESTED, None)

    def _tell(self, name: Any, outcome: Any) -> None:
        self._say(test=name, outcome=outcome)


def _outcome(report: Any) -> str:
    expected = hasattr(report, "wasxfail")
    if report.passed:
        return "unexpected pass" if expected and report.when == "call" else "passed"
    if report.skipped:
        return "expected failure" if expected else "skipped"
    return "failed" if report.when == "call" else "error"


_WORST_FIRST = ("error", "failed", "unexpected pass", "expected failure", "skipped", "passed")


def _worst(phases: list[str]) -> str:
    return next((outcome for outcome in _WORST_FIRST if outcome in phases), "error")


def _subtest(context: Any) -> str:
    given = getattr(context, "kwargs", None) or {}
    words = [str(context.msg)] if getattr(context, "msg", None) else []
    return " ".join(words + [f"{name}={value}" for name, value in given.items()]) or "subtest"
