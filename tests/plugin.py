"""The plugin as Claude Code starts it: its shell scripts, in an environment of a client's making."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Answer:
    """What a hook or a command came to. ``stdout`` is kept as it came."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def context(self) -> str:
        """What the hook tells Claude."""
        text: str = self.json["hookSpecificOutput"]["additionalContext"]
        return text


@dataclass(frozen=True)
class Plugin:
    """``home`` holds the plugin's Python environment; ``environment`` is what every call gets."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def hook(
        self, name: str, project: Path, event: Mapping[str, Any] | bytes = b"", **variables: str
    ) -> Answer:
        """One event, as the client tells it to the hook's script."""
        data = event if isinstance(event, bytes) else json.dumps({"cwd": str(project), **event}).encode()
        script = ROOT / "hooks" / name
        return self._run([str(script)], project, data, {"CLAUDE_PROJECT_DIR": str(project), **variables})

    def command(self, project: Path, *arguments: str, **variables: str) -> Answer:
        """One call of ``batch-implement``, as the Bash tool makes it."""
        return self._run([str(ROOT / "bin/batch-implement"), *arguments], project, b"", variables)

    def _run(self, argv: list[str], cwd: Path, data: bytes, variables: Mapping[str, str]) -> Answer:
        environment = {
            "PATH": os.environ["PATH"],
            "BATCH_IMPLEMENT_HOME": str(self.home),
            "AI_AGENT": "claude-code_2-1-329_harness",
            **{name: os.environ[name] for name in ("HOME", "GIT_CONFIG_NOSYSTEM") if name in os.environ},
            **self.environment,
            **variables,
        }
        kept = {name: value for name, value in environment.items() if value != "unset"}
        finished = subprocess.run(argv, cwd=cwd, env=kept, input=data, capture_output=True, check=False)
        return Answer(finished.returncode, finished.stdout.decode(), finished.stderr.decode())


@pytest.fixture(scope="session")
def plugin_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that is this one by another name, so that nothing has to be installed."""
    home = tmp_path_factory.mktemp("plugin home")
    (home / "env/bin").mkdir(parents=True)
    (home / "env/bin/python").symlink_to(sys.executable)
    packages = Path(sysconfig.get_path("purelib"))
    own = home / "env/lib" / packages.parent.name
    own.mkdir(parents=True)
    (own / packages.name).symlink_to(packages)
    shutil.copyfile(ROOT / "requirements.txt", home / "env/requirements.txt")
    return home


@pytest.fixture
def plugin(plugin_home: Path) -> Plugin:
    return Plugin(plugin_home, {"BATCH_VERIFY_COMMAND": "./check.sh", "BATCH_RETRY_ENABLED": "false"})
