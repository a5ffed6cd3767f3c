"""A project with a batch's features in it, and what a test asks of it afterwards."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    def make(cls, root: Path, count: int) -> BatchProject:
        (root / "tests").mkdir(parents=True)
        names = feature_names(count)
        lines = [feature(name, index + 1) for index, name in enumerate(names)]
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
    def events(self) -> list[str]:
        """The names of the batch's transitions, in order."""
        journal = self.root / ".claude" / "batches" / f"{self.state['batch_id']}.jsonl"
        return [json.loads(line)["event"] for line in journal.read_text().splitlines()]

    @property
    def status(self) -> str:
        """``""`` before the batch has begun."""
        try:
            return str(self.state["status"])
        except (IndexError, FileNotFoundError):
            return ""

    def assert_complete(self, count: int) -> None:
        """Every feature completed once and committed once, and nothing left over."""
        state = self.state
        assert (state["status"], sorted(state["completed_features"])) == ("completed", list(range(count)))
        assert sorted(self.feature_trailers) == list(range(1, count + 1))
        assert len(self.subjects) == count
        assert self.events.count("completed") == count
        assert self.clean
        assert "dangling" not in self.git("fsck", "--no-progress", "--no-dangling")

    @property
    def clean(self) -> bool:
        return self.git("status", "--porcelain") == ""
