"""What stands in the way of a batch here: on this machine, in the repository, in the settings."""

from __future__ import annotations

import platform
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.delivery.git_settings import read_git_settings
from batch_implement.errors import BatchImplementError
from batch_implement.proof.check_command import find_check
from batch_implement.state.home import BATCHES, HOOK_LOG
from batch_implement.state.schema import validate
from batch_implement.system.files.folder import Folder
from batch_implement.system.github.github import GitHub
from batch_implement.system.process import program
from batch_implement.system.settings.consent import GIT, RETRIES, in_force
from batch_implement.system.settings.user_state import UserState
from batch_implement.workspace.repository_condition import obstacles, read_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from batch_implement.delivery.git_settings import GitSettings
    from batch_implement.engine.project import Project
    from batch_implement.proof.check_command import CheckCommand
    from batch_implement.system.settings.config import Config
    from batch_implement.system.settings.consent import InForce, Subject
    from batch_implement.workspace.repository_condition import RepositoryCondition

    T = TypeVar("T")

TOOLS = ("git", "gh", "claude", "uv")
_NEEDED = {"git"}
_SHOWN_ERRORS = 5
_VERSION = re.compile(r"\b(\d+)\.(\d+)\.(\d+)\b")


@dataclass(frozen=True)
class Tool:
    """A program that is called: what it ``said`` of its version, "" where it is not on PATH.

    ``needs`` is a version that it is older than, else "".
    """

    name: str
    said: str = ""
    works: bool = False
    needs: str = ""

    @property
    def is_in_the_way(self) -> bool:
        return bool(self.needs) or (not self.works and (bool(self.said) or self.name in _NEEDED))


@dataclass(frozen=True)
class Diagnosis:
    """``problems`` are sentences of what was looked at and refused itself; each thing is None where it could
    not be looked at."""

    python: str
    tools: tuple[Tool, ...]
    problems: tuple[str, ...] = ()
    condition: RepositoryCondition | None = None
    check: CheckCommand | None = None
    batch: tuple[str, str] | None = None
    hook_errors: tuple[str, ...] = ()
    config: Config | None = None
    git: GitSettings | None = None
    consents: Mapping[Subject, InForce] | None = None

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What is wrong with the repository, each with its way out."""
        return obstacles(self.condition) if self.condition is not None else ()

    @property
    def is_well(self) -> bool:
        """Whether a batch can begin and prove what it does."""
        hindered = any(tool.is_in_the_way for tool in self.tools)
        return not (hindered or self.problems or self.obstacles or self.check is None)


def look_at_tools(cwd: Path, oldest_client: str) -> tuple[Tool, ...]:
    """The programs that are called, as they are on PATH."""
    return tuple(_tool(name, cwd, oldest_client if name == "claude" else "") for name in TOOLS)


def diagnose(project: Project, tools: tuple[Tool, ...]) -> Diagnosis:
    """Look at everything; nothing is changed, and nothing but git and the tools is asked."""
    problems: list[str] = []

    def looked_at(look: Callable[[], T]) -> T | None:
        try:
            return look()
        except BatchImplementError as error:
            if str(error) not in problems:
                problems.append(str(error))
            return None

    config = looked_at(lambda: project.config)
    condition = looked_at(lambda: read_condition(project.git))
    check = git = None
    consents: dict[Subject, InForce] = {}
    if config is not None:
        answers = UserState(Path.home()).read()
        consents = {subject: in_force(subject, config, answers) for subject in (RETRIES, GIT)}
        check = looked_at(lambda: find_check(project.workspace, config.text("BATCH_VERIFY_COMMAND")))
        if condition is not None:
            hub = GitHub(project.workspace)
            git = looked_at(lambda: read_git_settings(config, project.git, condition, hub, answers))
    batch = looked_at(lambda: _batch(project))
    return Diagnosis(
        python=platform.python_version(),
        tools=tools,
        problems=tuple(problems),
        condition=condition,
        check=check,
        batch=batch,
        hook_errors=_hook_errors(project.home),
        config=config,
        git=git,
        consents=consents,
    )


def without_project(tools: tuple[Tool, ...], problem: str) -> Diagnosis:
    return Diagnosis(platform.python_version(), tools, (problem,))


def _tool(name: str, cwd: Path, oldest: str) -> Tool:
    if shutil.which(name) is None:
        return Tool(name)
    finished = program.run([name, "--version"], cwd=cwd, timeout=20)
    said = next(iter((finished.text or finished.error_text).splitlines()), "") or "nothing"
    too_old = bool(oldest) and (0, 0, 0) < _version(said) < _version(oldest)
    return Tool(name, said, finished.ok, oldest if too_old else "")


def _version(text: str) -> tuple[int, ...]:
    found = _VERSION.search(text)
    return tuple(map(int, found.groups())) if found else (0, 0, 0)


def _batch(project: Project) -> tuple[str, str] | None:
    """Id and status."""
    state = project.state
    if not state.exists():
        return None
    validate(state.document(), state.path)
    batch = state.read()
    return batch.batch_id, batch.status


def _hook_errors(home: Path) -> tuple[str, ...]:
    try:
        with Folder.open(home, *BATCHES) as folder:
            lines = folder.read(HOOK_LOG).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    return tuple(lines[-_SHOWN_ERRORS:])
