"""What was allowed beforehand, by the client's arguments or Claude Code's settings, is not warned of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from batch_implement.oversight.allowed_tools import missing, rules_in, tools_asked_for
from batch_implement.oversight.session import NO_SESSION, Session
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "users"))


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["claude", "--allowedTools", "Bash", "Edit", "--verbose", "Write"], ["Bash", "Edit"]),
        (["claude", "--allowed-tools", "Bash(git log:*),Edit", "-p", "x"], ["Bash(git log:*)", "Edit"]),
        (["claude", "--allowedTools=Bash Edit", "say Write"], ["Bash", "Edit"]),
        (["claude", "--allowedTools", "Bash(npm run a, b) Read"], ["Bash(npm run a, b)", "Read"]),
        (["claude", "-p", "--allowedToolsX", "Bash"], []),
        ([], []),
    ],
)
def test_the_rules_are_those_behind_the_option(arguments: list[str], rules: list[str]) -> None:
    assert rules_in(arguments) == rules


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (["Bash"], ("Edit",)),
        (["Bash(*)", "Edit(**)"], ()),
        (["Bash(:*)", "Edit"], ()),
        (["Bash(git:*)", "Edit(src/**)"], ("Bash", "Edit")),
        ([], ("Bash", "Edit")),
    ],
)
def test_a_rule_for_a_part_of_a_tool_leaves_the_rest(rules: list[str], left: tuple[str, ...]) -> None:
    assert missing(("Bash", "Edit"), rules) == left


@pytest.fixture
def client() -> Iterator[str]:
    """A process with the arguments of a client that was started with ``--allowedTools Bash``."""
    arguments = ["-c", "import time; time.sleep(60)", "--allowedTools", "Bash", "-p"]
    with subprocess.Popen([sys.executable, *arguments]) as started:
        time.sleep(0.05)  # it is the test's own copy until it has begun
        yield identity(started.pid)
        started.kill()


def test_what_the_client_was_started_with_is_seen(client: str, tmp_path: Path) -> None:
    session = Session("owner", client)
    assert tools_asked_for("acceptEdits", session, tmp_path) == ()
    assert tools_asked_for("default", session, tmp_path) == ("Edit",)
    assert tools_asked_for("bypassPermissions", NO_SESSION, tmp_path) == ()
    assert tools_asked_for("acceptEdits", Session("owner", identity(os.getpid())), tmp_path) == ("Bash",)


@pytest.mark.parametrize(
    "place", ["users/settings.json", ".claude/settings.json", ".claude/settings.local.json"]
)
def test_what_a_settings_file_allows_is_seen(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir()
    path.write_text(json.dumps({"permissions": {"allow": ["Bash", 7]}}))
    assert tools_asked_for("acceptEdits", NO_SESSION, tmp_path) == ()
    path.write_text('{"permissions": {"allow": "Bash"}}')
    assert tools_asked_for("acceptEdits", NO_SESSION, tmp_path) == ("Bash",)
