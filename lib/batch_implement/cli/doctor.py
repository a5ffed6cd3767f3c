"""``doctor``: what is missing on this machine and how to get it, and which settings are in force."""

from __future__ import annotations

import platform
import shutil
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.status import batch_line
from batch_implement.proof.check_command import find_check
from batch_implement.state.home import BATCHES, HOOK_LOG
from batch_implement.state.schema import validate
from batch_implement.system.files.folder import Folder
from batch_implement.system.process import program
from batch_implement.system.settings.config import load_config
from batch_implement.system.settings.declared import SETTINGS
from batch_implement.workspace.repository_condition import obstacles, read_condition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from batch_implement.cli.command import Call, Parser

SUMMARY = "what is missing on this machine, and the settings in force"

_SHOWN_ERRORS = 5
_PROGRAMS = (
    ("git", "--version", "needed for everything", "apt install git, or brew install git"),
    ("gh", "--version", "needed for --issues, pull requests and closing issues", "https://cli.github.com"),
    ("claude", "--version", "Claude Code itself", "npm install -g @anthropic-ai/claude-code"),
    ("uv", "--version", "optional: installs the plugin's packages faster", "pip install uv"),
)


def configure(parser: Parser) -> None:
    """It takes no arguments."""


def run(call: Call) -> Answer:
    lines = [f"ok       Python {platform.python_version()}", *_programs(call.cwd)]
    try:
        home = call.project.home
    except FileNotFoundError as error:
        return told("\n".join([*lines, f"problem  {error}"]))
    lines += [*_repository(call), *_batch(call), *_hook_errors(home), "", *_settings(home)]
    return told("\n".join(lines))


def _programs(cwd: Path) -> Iterator[str]:
    for name, argument, purpose, source in _PROGRAMS:
        if shutil.which(name) is None:
            yield f"missing  {name} ({purpose}): {source}"
            continue
        finished = program.run([name, argument], cwd=cwd, timeout=20)
        version = next(iter((finished.text or finished.error_text).splitlines()), "")
        yield (
            f"ok       {name}: {version}" if finished.ok else f"problem  {name} {argument} failed: {version}"
        )


def _repository(call: Call) -> Iterator[str]:
    try:
        condition = read_condition(call.project.git)
        found = find_check(call.project.workspace, call.project.config.text("BATCH_VERIFY_COMMAND"))
    except BatchImplementError as error:
        yield f"problem  {error}"
        return
    reasons = obstacles(condition)
    yield from (f"problem  {reason}" for reason in reasons)
    if not reasons:
        remotes = ", ".join(condition.remotes) or "none"
        yield f"ok       repository: branch {condition.branch}, remotes {remotes}"
    if found is None:
        yield "missing  a check command: set BATCH_VERIFY_COMMAND in .env, or nothing can be proven"
    else:
        yield f"ok       check: {found} ({found.source})"


def _batch(call: Call) -> Iterator[str]:
    state = call.project.state
    if not state.exists():
        yield "ok       no batch is at work"
        return
    try:
        validate(state.document(), state.path)
        batch = state.read()
        yield f"ok       batch {batch_line(batch)}"
    except BatchImplementError as error:
        yield f"problem  {error}"


def _hook_errors(home: Path) -> Iterator[str]:
    try:
        with Folder.open(home, *BATCHES) as folder:
            lines = folder.read(HOOK_LOG).decode("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines[-_SHOWN_ERRORS:]:
        yield f"problem  a hook failed: {line}"


def _settings(home: Path) -> Iterator[str]:
    try:
        config = load_config(home)
    except BatchImplementError as error:
        yield f"problem  {error}"
        return
    yield "Settings (.env in the project, or the environment):"
    for setting in SETTINGS:
        value = config.values[setting.name]
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"  {setting.name}={shown or '(empty)'} [{config.origins[setting.name]}]"
        yield f"      {setting.meaning} Default: {setting.default or 'empty'}."
