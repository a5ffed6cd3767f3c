"""A repository whose check is run before and after a change, and then looked at again."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch_implement.proof.check_command import parse_command
from batch_implement.proof.results.commands import commands_of
from batch_implement.proof.results.outcome import Results, together
from batch_implement.proof.results.recording import record
from batch_implement.proof.second_look.looking import Subject, look_again
from batch_implement.proof.second_look.plan import plan_of
from batch_implement.proof.second_look.rehearsal import Terms
from batch_implement.system.process import program
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.preparation import prepare

if TYPE_CHECKING:
    from tests.git_repositories import Repository

    from batch_implement.proof.second_look.findings import Findings
    from batch_implement.proof.second_look.plan import Plan
    from batch_implement.workspace.baseline import Baseline

PYTHON = Path(sys.executable).parent


@dataclass(frozen=True)
class Looked:
    plan: Plan
    findings: Findings
    now: Results
    status: str

    @property
    def changed(self) -> list[str]:
        return [test.name for test in self.findings.changed]


class Project:
    """``write`` the base, ``begin``, write the feature, ``look``."""

    def __init__(self, repository: Repository, check: str, reports: Path) -> None:
        self.repository = repository
        self.root = repository.root
        self.steps = parse_command(check, "the check").steps
        self.environment = {**os.environ, "PATH": f"{PYTHON}{os.pathsep}{os.environ['PATH']}"}
        self.environment.pop("VIRTUAL_ENV", None)
        self._reports = reports
        self._runs = 0
        self.base: Baseline
        self.before: Results

    def write(self, **files: str) -> None:
        for path, text in files.items():
            self.repository.write(path, text)

    def begin(self) -> None:
        self.repository.commit()
        self.base = self.repository.baseline()
        self.before = self._check()

    def look(self, text: str = "Add it") -> Looked:
        now = self._check()
        changes = self.repository.changes(self.base)
        versions = working_versions(self.repository.git, changes.mine)
        commands = {step: commands_of(step.argv, self.root) for step in self.steps}
        plan = plan_of(changes.mine, versions, commands, text)
        preparation = prepare(self.repository.git, self.environment, [change.path for change in changes.mine])
        status = self.repository.run("status", "--porcelain")
        findings, _ = look_again(
            Subject(self.repository.git, self.base.commit, self.steps, (), self.before, now),
            plan,
            Terms(preparation, self.environment, timeout=120),
        )
        assert self.repository.run("status", "--porcelain") == status
        return Looked(plan, findings, now, status)

    def _check(self) -> Results:
        results = Results()
        for step in self.steps:
            self._runs += 1
            recording = record(
                step,
                root=self.root,
                folder=self._reports / str(self._runs),
                environment=self.environment,
            )
            finished = program.run(
                recording.step.argv,
                cwd=self.root,
                timeout=120,
                env={**self.environment, "CI": "true", **dict(recording.step.variables)},
                merge_stderr=True,
            )
            results = together(results, recording.results(finished.text))
        return results


@pytest.fixture(autouse=True)
def _scratch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where scratch workspaces lie, apart from those of other tests."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))


@pytest.fixture
def project(repository: Repository, tmp_path: Path) -> Project:
    repository.write(".gitignore", "__pycache__/\n.venv/\nnode_modules/\n.pytest_cache/\ntarget/\n")
    return Project(repository, "python3 -m pytest -q -p no:cacheprovider", tmp_path / "reports")


@pytest.fixture
def project_with(repository: Repository, tmp_path: Path) -> type[Project]:
    """A project with another check: call it with the command."""
    repository.write(".gitignore", "__pycache__/\n.venv/\nnode_modules/\n.pytest_cache/\ntarget/\n")

    def make(check: str) -> Project:
        return Project(repository, check, tmp_path / "reports")

    return make  # type: ignore[return-value]
