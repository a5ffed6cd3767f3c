"""The plugin makes its own Python environment, whole or not at all, on the first call that needs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LONG = 120.0
UV = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The plugin without requirements, so that nothing has to come over the network."""
    root = tmp_path / "a plugin"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "bin", root / "bin", ignore=ignored)
    shutil.copytree(ROOT / "lib", root / "lib", ignore=ignored)
    (root / "requirements.txt").write_text("# nothing\n")
    return root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a home"


@pytest.fixture
def quick(programs: Path) -> Path:
    """The same with uv where it is installed, which takes a hundredth of the time."""
    if UV is not None:
        (programs / "uv").symlink_to(UV)
    return programs


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with what a machine has at least, and this Python as its python3."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cmp"):
        (folder / name).symlink_to(str(shutil.which(name)))
    (folder / "python3").symlink_to(_base_python())
    return folder


def _base_python() -> str:
    """The interpreter behind the virtual environment that the tests run in."""
    return os.path.realpath(sys.executable)


def _environment(home: Path, programs: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "HOME"))}
    return {**kept, "PATH": str(programs), "BATCH_IMPLEMENT_HOME": str(home), **variables}


def _call(root: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / "bin/batch-implement"), "--version"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def _megabytes(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_blocks * 512 for path in files) // 1_000_000


def _names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def test_the_first_call_makes_it_with_a_line_saying_so_and_the_second_uses_it(
    home: Path, programs: Path
) -> None:
    """The one test that installs the real requirements."""
    environment = _environment(home, programs)
    first = subprocess.run(
        [str(ROOT / "bin/batch-implement"), "_slash"],
        env=environment,
        cwd=programs,
        input=json.dumps({"command_name": "batch-implement:batch-status", "cwd": str(programs)}),
        capture_output=True,
        text=True,
        check=True,
    )
    (said,) = first.stderr.splitlines()
    assert said.startswith(
        "batch-implement: its Python packages are installed, once (jsonschema, psutil, python-dotenv, rich"
    )
    assert said.endswith(f"in {home}")
    # Where the first call is a slash command nobody sees what goes to standard error.
    assert json.loads(first.stdout)["systemMessage"] == said
    assert _megabytes(home) <= int(re.findall(r"(\d+) MB on disk", said)[0])
    code = "import dotenv, jsonschema"
    subprocess.run([str(home / "env/bin/python"), "-I", "-c", code], check=True)
    second = _call(ROOT, environment)
    assert (second.returncode, second.stdout.count("."), second.stderr) == (0, 2, "")
    assert not {name for name in _names(home) if name.startswith(("env-", "old-"))}


@pytest.mark.skipif(UV is None, reason="uv is not installed")
def test_with_uv_it_is_made_by_uv(copy: Path, home: Path, quick: Path) -> None:
    assert _call(copy, _environment(home, quick)).returncode == 0
    assert "uv = " in (home / "env/pyvenv.cfg").read_text()


def test_two_first_calls_at_once_make_one(copy: Path, home: Path, quick: Path) -> None:
    environment = _environment(home, quick)
    call = [str(copy / "bin/batch-implement"), "--version"]
    calls = [subprocess.Popen(call, env=environment, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [call.wait(timeout=600) for call in calls] == [0, 0, 0]
    assert not {name for name in _names(home) if name.startswith(("env-", "old-"))}


def test_one_that_is_cut_off_leaves_none_and_the_next_call_makes_it(
    copy: Path, home: Path, quick: Path
) -> None:
    environment = _environment(home, quick)
    slow = quick.with_name("slow")
    shutil.copytree(quick, slow, symlinks=True)
    (slow / "uv").unlink(missing_ok=True)
    (slow / "uv").write_text("#!/bin/sh\nexec /bin/sleep 20\n")
    (slow / "uv").chmod(0o755)
    cut_off = subprocess.Popen(
        [str(copy / "bin/batch-implement"), "--version"],
        env={**environment, "PATH": str(slow)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + LONG
    while not list(home.glob("env-*")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(cut_off.pid, signal.SIGKILL)
    cut_off.wait()
    assert not (home / "env").exists()
    assert _call(copy, environment).returncode == 0
    assert not {name for name in _names(home) if name.startswith(("env-", "old-"))}


def test_changed_requirements_make_it_anew(copy: Path, home: Path, quick: Path) -> None:
    environment = _environment(home, quick)
    _call(copy, environment)
    (home / "env/mark").touch()
    assert _call(copy, environment).stderr == ""
    assert (home / "env/mark").exists()
    (copy / "requirements.txt").write_text("# nothing else\n")
    again = _call(copy, environment)
    assert (again.returncode, "are installed" in again.stderr) == (0, True)
    assert not (home / "env/mark").exists()
    assert (home / "env/requirements.txt").read_text() == "# nothing else\n"


def test_without_a_network_it_says_what_to_do_and_leaves_nothing(home: Path, programs: Path) -> None:
    finished = _call(ROOT, _environment(home, programs, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "The Python packages could not be installed" in finished.stderr
    assert "Check the network" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not {name for name in _names(home) if name.startswith("env") and name != "env.lock"}


@pytest.mark.parametrize("has", ["none", "an older one"])
def test_without_a_python_that_is_new_enough_it_says_so(
    copy: Path, home: Path, programs: Path, has: str
) -> None:
    (programs / "python3").unlink()
    if has == "an older one":
        (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
        (programs / "python3").chmod(0o755)
    finished = _call(copy, _environment(home, programs))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        "batch-implement needs Python 3.10 or newer, and found none as python3. Install it.\n"
    )
    assert not home.exists()


def test_a_home_that_can_not_be_made_is_a_sentence(copy: Path, home: Path, programs: Path) -> None:
    home.write_text("in the way")
    finished = _call(copy, _environment(home, programs))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert str(home) in finished.stderr
    assert "Traceback" not in finished.stderr


def test_an_environment_whose_interpreter_is_gone_is_made_anew(copy: Path, home: Path, quick: Path) -> None:
    environment = _environment(home, quick)
    _call(copy, environment)
    (home / "env/bin/python").unlink()
    (home / "env/bin/python").symlink_to("/usr/bin/python-that-was-removed")
    assert _call(copy, environment).returncode == 0
