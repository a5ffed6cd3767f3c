"""Run in the place of ``python -m unittest``: the same, but what became of each test is written down.

It runs in the project's Python, so it is plain Python 3.7 and needs nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import unittest
from pathlib import Path
from typing import Any

__unittest = True  # as unittest marks its own frames, which are left out of what it prints of a failure

_REPORTS = Path(__file__).resolve().parents[1] / "reports"


class _File:
    """It stays open: a test may put another file system or another ``open`` in place."""

    def __init__(self) -> None:
        name = f"unittest-{os.getpid()}-{os.urandom(4).hex()}.jsonl"
        self._file = os.open(_REPORTS / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._pid = os.getpid()
        self._write, self._dumps = os.write, json.dumps

    def say(self, **event: Any) -> None:
        try:
            if os.getpid() == self._pid:
                self._write(self._file, (self._dumps(event) + "\n").encode())
        except (OSError, ValueError):
            pass


class _Result(unittest.TextTestResult):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = _File()
        self._worst = ""

    def startTest(self, test: Any) -> None:  # noqa: N802 -- unittest's names
        self._worst = ""
        self.file.say(running=test.id())
        super().startTest(test)

    def stopTest(self, test: Any) -> None:  # noqa: N802
        super().stopTest(test)
        self.file.say(test=test.id(), outcome=self._worst or "passed")
        self._worst = ""

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addError(test, err)
        self._heard(test, "error")

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addFailure(test, err)
        self._heard(test, "failed")

    def addSkip(self, test: Any, reason: Any) -> None:  # noqa: N802
        super().addSkip(test, reason)
        self._heard(test, "skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addExpectedFailure(test, err)
        self._heard(test, "expected failure")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        super().addUnexpectedSuccess(test)
        self._heard(test, "failed")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        super().addSubTest(test, subtest, err)
        outcome = "passed" if err is None else "failed"
        self.file.say(test=subtest.id(), outcome=outcome)
        if err is not None:
            self._worst = "failed"

    def _heard(self, test: Any, outcome: Any) -> None:
        """``test`` is no test where a module, a class or a loader failed or was skipped as a whole."""
        if isinstance(test, unittest.TestCase) and type(test).__name__ != "_SubTest":
            if self._worst not in ("failed", "error"):
                self._worst = outcome
        else:
            self.file.say(test=test.id(), outcome=outcome)


class _Runner(unittest.TextTestRunner):
    resultclass = _Result

    def run(self, test: Any) -> Any:
        result = super().run(test)
        if isinstance(result, _Result):
            event: dict[str, object] = {"end": True}
            if result.shouldStop:
                event["cut_off"] = "unittest stopped at its first failure, or was interrupted"
            result.file.say(**event)
        return result


if __name__ == "__main__":
    sys.argv[0] = "python -m unittest"
    unittest.main(module=None, testRunner=_Runner)
