"""A project with a batch's features in it, and what a test asks of it afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_implement.errors import BatchStateError
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.presentation.pauses import reason_of
from batch_implement.state.state_file import StateFile
from batch_implement.system.clock import timestamp, utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.batch import Batch

REPOSITORY = Path(__file__).resolve().parents[2]
CHECK = "python3 -m unittest discover -v -s tests -t ."
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def feature(name: str, factor: int) -> str:
    return f"Add {name}(x) returning x * {factor}; {name}(2) is {2 * factor}"


def feature_names(count: int) -> list[str]:
    """``times_one`` … ``times_ten``, then ``times_11`` …"""
    return [f"times_{NUMBERS[index] if index < len(NUMBERS) else index + 1}" for index in range(count)]


@dataclass(frozen=True)
class BatchProject:
    """A git repository whose check is unittest, which every Python has."""

    root: Path

    @classmethod
    def make(cls, root: Path, count: int, marks: Mapping[int, str] | None = None) -> BatchProject:
        """``marks`` are added to the features with these numbers."""
        (root / "tests").mkdir(parents=True)
        names = feature_names(count)
        lines = [feature(name, index + 1) for index, name in enumerate(names)]
        for number, mark in (marks or {}).items():
            lines[number - 1] += f" {mark}"
        (root / "features.txt").write_text("\n".join(lines) + "\n")
        (root / ".env").write_text(f"BATCH_VERIFY_COMMAND={CHECK}\n")
        (root / ".gitignore").write_text(".env\n__pycache__/\n")
        (root / "tests" / "__init__.py").write_text("")
        project = cls(root)
        project.git("init", "--quiet", "--initial-branch=main")
        project.git("config", "user.name", "Test")
        project.git("config", "user.email", "test@example.invalid")
        project.git("add", ".")
        project.git("commit", "--quiet", "--message", "begin")
        return project

    def set(self, name: str, value: str) -> None:
        with (self.root / ".env").open("a") as file:
            file.write(f"{name}={value}\n")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``bin/batch-implement`` as a person would call it."""
        return subprocess.run(
            [str(REPOSITORY / "bin" / "batch-implement"), *arguments],
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def subjects(self) -> list[str]:
        """The commits' first lines after the one that began it, oldest first."""
        return self.git("log", "--reverse", "--format=%s").splitlines()[1:]

    @property
    def feature_trailers(self) -> list[int]:
        """The features' numbers in the order of their commits."""
        said = self.git("log", "--reverse", "--format=%(trailers:key=Feature,valueonly,separator=%x2C)")
        return [int(line) for line in said.splitlines() if line]

    @property
    def state(self) -> dict[str, Any]:
        """The batch at work, or the last one that has ended."""
        folder = self.root / ".claude"
        current = folder / "batch_state.json"
        past = sorted((folder / "batches").glob("batch-*.json"))
        found: dict[str, Any] = json.loads((current if current.exists() else past[-1]).read_text())
        return found

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The batch's transitions, in order."""
        path = self.root / ".claude" / "batches" / f"{self.state['batch_id']}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    @property
    def events(self) -> list[str]:
        return [record["event"] for record in self.journal]

    @property
    def wake(self) -> dict[str, Any] | None:
        """Until when the batch waits, as the state has it; None when it does not."""
        try:
            waits: list[dict[str, Any]] = self.state.get("waits", [])
        except (IndexError, FileNotFoundError):
            return None
        return waits[-1] if waits else None

    @property
    def awaits_judgement(self) -> bool:
        """Whether it is being decided how long a failure of the API is waited for."""
        return self.status == "in_progress" and not (self.wake or {}).get("is_judged", True)

    @property
    def pause_reason(self) -> str:
        """What a person is told of the pause."""
        pause = StateFile(self._state_path).read().pause
        return "" if pause is None else reason_of(pause)

    @property
    def _state_path(self) -> Path:
        return self.root / ".claude" / "batch_state.json"

    def pass_time(self, seconds_left: float = 0.0) -> None:
        """As though the time had passed: what is left of the batch's wait is cut to so much.

        The moment is kept nowhere but in the state, and every process reads it there.
        """

        def cut(batch: Batch) -> Transition:
            if not batch.waits:
                return NOTHING
            at = timestamp(utc_now() + timedelta(seconds=seconds_left))
            waits = tuple(replace(wait, at=min(at, wait.at)) for wait in batch.waits)
            return Transition("time_passed", replace(batch, waits=waits))

        with contextlib.suppress(BatchStateError):  # it has ended meanwhile
            StateFile(self._state_path).update(cut)

    def assert_woken_in_time(self) -> None:
        """No wait ended before the moment that was written down for it."""
        until = ""
        for record in self.journal:
            if record["event"] == "woken":
                assert record["at"] >= until
            step = record["changes"].get("waits") or {}
            until = max((wait["at"] for wait in step.get("set") or step.get("append") or ()), default=until)

    @property
    def completed(self) -> list[int]:
        """Empty before the batch has begun."""
        try:
            return list(self.state["completed_features"])
        except (IndexError, FileNotFoundError):
            return []

    @property
    def status(self) -> str:
        """``""`` before the batch has begun."""
        try:
            return str(self.state["status"])
        except (IndexError, FileNotFoundError):
            return ""

    def assert_complete(self, count: int) -> None:
        """Every feature completed once and committed once, in the order given, and nothing left over."""
        state = self.state
        assert (state["status"], sorted(state["completed_features"])) == ("completed", list(range(count)))
        assert self.feature_trailers == list(range(1, count + 1))
        assert len(self.subjects) == count
        assert self.events.count("completed") == count
        assert self.clean
        assert not (self.root / ".claude" / "batches" / "hook-errors.log").exists()
        self.git("fsck", "--strict", "--no-progress", "--no-dangling")

    @property
    def clean(self) -> bool:
        return self.git("status", "--porcelain") == ""
