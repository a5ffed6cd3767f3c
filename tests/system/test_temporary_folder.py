"""A folder for a while lies outside of the project and is removed, by a later call after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from batch_implement.system.files.temporary_folder import temporary_folder

LIB = Path(__file__).resolve().parents[2] / "lib"
_LEFT = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from batch_implement.system.files.temporary_folder import temporary_folder
with temporary_folder(Path(sys.argv[2])) as folder:
    (folder / "report").write_text("half")
    print(folder, flush=True)
    if sys.argv[3] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def _process(project: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _LEFT, str(LIB), str(project), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_is_there_and_then_it_is_gone(place: Path, tmp_path: Path) -> None:
    with temporary_folder(tmp_path / "project") as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not list(place.iterdir())


def test_it_is_not_made_inside_of_the_project(place: Path) -> None:
    with temporary_folder(place.parent) as folder:
        assert not folder.is_relative_to(place.parent)
        assert folder.is_dir()


def test_what_a_killed_process_left_is_removed_by_the_next(place: Path, tmp_path: Path) -> None:
    with _process(tmp_path / "project", "killed") as process:
        assert process.wait() == -signal.SIGKILL
    [left] = place.iterdir()
    assert (left / "report").exists()
    with temporary_folder(tmp_path / "project") as folder:
        assert list(place.iterdir()) == [folder]


def test_the_folder_of_a_process_that_runs_stays(place: Path, tmp_path: Path) -> None:
    with _process(tmp_path / "project", "waits") as process:
        assert process.stdout is not None
        other = Path(process.stdout.readline().strip())
        with temporary_folder(tmp_path / "project"):
            assert (other / "report").exists()
        process.communicate()


def test_what_is_not_ours_stays(place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (place / "batch-implement-notes-of-mine").mkdir()
    numbering = Path("/proc/self/ns/pid").stat().st_ino
    (place / f"batch-implement-{2**22 + 1}-1-{numbering}-link").symlink_to(tmp_path / "elsewhere")
    before = sorted(place.iterdir())
    with temporary_folder(tmp_path / "project"):
        pass
    assert sorted(place.iterdir()) == before
    assert (tmp_path / "elsewhere").is_dir()
