"""Runs a check on a small project as the proof would, and reads what its tests came to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from batch_implement.proof.check_command import Step
from batch_implement.proof.results.recording import record
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batch_implement.proof.results.outcome import Results

REPOSITORY = Path(__file__).resolve().parents[3]
JS_RUNNERS = ("jest@30.5.2", "vitest@4.1.12", "mocha@12.0.3")


@dataclass(frozen=True)
class Ran:
    """``outcomes`` are the names with what they came to, as words."""

    exit_code: int
    output: str
    results: Results
    expected: tuple[str, ...]

    @property
    def outcomes(self) -> dict[str, str]:
        return {test.name: test.outcome.value for test in self.results.tests}

    @property
    def numbers(self) -> dict[str, int]:
        return {outcome.value: number for outcome, number in self.results.counts.items() if number}


class Project:
    """A folder with the files of a project, in which checks are run."""

    def __init__(self, root: Path, reports: Path) -> None:
        self.root = root
        self._reports = reports
        self._runs = 0

    def write(self, files: Mapping[str, str]) -> Project:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            if text.startswith("#!"):
                path.chmod(0o755)
        return self

    def run(self, *argv: str, **variables: str) -> Ran:
        self._runs += 1
        recording = record(
            Step(argv, tuple(variables.items())),
            root=self.root,
            folder=self._reports / str(self._runs),
            environment=os.environ,
        )
        finished = program.run(
            recording.step.argv,
            cwd=self.root,
            timeout=240,
            env={"CI": "true", "PYTHONDONTWRITEBYTECODE": "1", **dict(recording.step.variables)},
            merge_stderr=True,
        )
        results = recording.results(finished.text)
        return Ran(finished.returncode, finished.text, results, recording.expected)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture
def make_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Project]:
    """Makes a project from file names and texts; what begins with ``#!`` can be run."""
    # What the pytest that runs this very test has set for itself.
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "BATCH_RESULTS_", "COV_")) or name == "NODE_OPTIONS":
            monkeypatch.delenv(name)

    def make(files: Mapping[str, str]) -> Project:
        root = tmp_path / "the project"
        root.mkdir()
        return Project(root, tmp_path / "the reports").write(files)

    return make


@pytest.fixture(scope="session")
def js_modules() -> Path:
    """A node_modules folder with jest, vitest and mocha, installed once for this checkout."""
    folder = REPOSITORY / ".cache" / "js-runners"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = " ".join(JS_RUNNERS)
    installed = folder / "installed"
    with FileLock(folder.with_suffix(".lock"), timeout=900):
        if not installed.exists() or installed.read_text() != wanted:
            finished = program.run(
                ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *JS_RUNNERS],
                cwd=folder,
                timeout=600,
                merge_stderr=True,
            )
            assert finished.ok, finished.text
            installed.write_text(wanted)
    return folder / "node_modules"
