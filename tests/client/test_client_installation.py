"""Installing the client, without asking a registry."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import ProcessError
from batch_implement.execution.client import installation
from batch_implement.execution.client.installation import VERSION

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = "node_modules/@anthropic-ai/claude-code-some-platform/claude"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched before all others, for an npm of the test's own."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def _write_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def _npm_that_installs(tools: Path, version: str) -> None:
    """An npm that puts a program into the folder after ``--prefix``, in the client's layout."""
    program = f'"$3/{_PROGRAM}"'
    _write_program(
        tools / "npm",
        f'echo "$@" >> {tools}/calls; mkdir -p "$(dirname {program})"\n'
        f"printf '#!/bin/sh\\necho {version}\\n' > {program}; chmod +x {program}",
    )


def _install(cache: Path) -> tuple[Path, list[str]]:
    reported: list[str] = []
    return installation.install(cache, reported.append), reported


def test_a_second_installation_fetches_nothing(tools: Path, tmp_path: Path) -> None:
    _npm_that_installs(tools, VERSION)
    first, reported = _install(tmp_path / "cache")
    again, silence = _install(tmp_path / "cache")
    assert first == again == tmp_path / "cache" / f"claude-code-{VERSION}" / _PROGRAM
    assert (len(reported), silence) == (1, [])
    assert VERSION in reported[0]
    (call,) = (tools / "calls").read_text(encoding="utf-8").splitlines()
    assert call.endswith(f"@anthropic-ai/claude-code@{VERSION}")


def test_nothing_unfinished_is_left_in_the_cache(tools: Path, tmp_path: Path) -> None:
    _npm_that_installs(tools, VERSION)
    _install(tmp_path / "cache")
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == [f"claude-code-{VERSION}"]


def test_a_relative_cache_is_taken_from_the_current_folder(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm_that_installs(tools, VERSION)
    monkeypatch.chdir(tmp_path)
    executable, _ = _install(tmp_path.joinpath("cache").relative_to(tmp_path))
    assert executable.is_absolute()


def test_an_installation_that_does_not_run_is_replaced(tools: Path, tmp_path: Path) -> None:
    broken = tmp_path / "cache" / f"claude-code-{VERSION}" / _PROGRAM
    _write_program(broken, "exit 1")
    _npm_that_installs(tools, VERSION)
    executable, reported = _install(tmp_path / "cache")
    assert executable == broken
    assert reported


def test_what_another_process_installed_meanwhile_is_kept(tools: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache" / f"claude-code-{VERSION}"
    _npm_that_installs(tools, VERSION)
    with (tools / "npm").open("a", encoding="utf-8") as npm:
        npm.write(f'mkdir -p {place}; cp -R "$3/node_modules" {place}; touch {place}/theirs\n')
    executable, _ = _install(tmp_path / "cache")
    assert executable == place / _PROGRAM
    assert (place / "theirs").exists()


def test_a_version_that_was_not_asked_for_is_refused(tools: Path, tmp_path: Path) -> None:
    _npm_that_installs(tools, "2.0.0")
    with pytest.raises(ProcessError, match="no program that runs"):
        _install(tmp_path / "cache")


def test_no_npm_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProcessError, match="npm is not on PATH"):
        _install(tmp_path / "cache")


def test_no_network_is_a_sentence(tools: Path, tmp_path: Path) -> None:
    _write_program(tools / "npm", "echo 'npm error code ENOTFOUND' >&2; exit 1")
    with pytest.raises(ProcessError, match="could not reach npm's registry"):
        _install(tmp_path / "cache")


def test_any_other_failure_says_what_npm_said(tools: Path, tmp_path: Path) -> None:
    _write_program(tools / "npm", "echo 'npm error code EROFS' >&2; exit 30")
    with pytest.raises(ProcessError, match="status 30: npm error code EROFS"):
        _install(tmp_path / "cache")


@pytest.mark.parametrize(("system", "machine"), [("Windows", "AMD64"), ("Linux", "riscv64")])
def test_another_platform_is_a_sentence(
    system: str, machine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with pytest.raises(ProcessError, match=f"this is {system} {machine.lower()}"):
        _install(tmp_path / "cache")
