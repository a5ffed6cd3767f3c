"""A scratch workspace has the files that were asked for, and leaves nothing behind, killed or not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import PathError
from batch_implement.workspace.index import tree_fingerprint
from batch_implement.workspace.scratch import Layer, scratch_workspace

if TYPE_CHECKING:
    from tests.git_repositories import Repository

LIB = Path(__file__).resolve().parents[2] / "lib"
# Makes a workspace, says where, and waits to be killed.
MAKES_ONE = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from batch_implement.system.git.git import Git
from batch_implement.workspace.scratch import scratch_workspace
git = Git.open(Path(sys.argv[2]))
with scratch_workspace(git, git.resolve("HEAD")) as scratch:
    print(scratch.root, flush=True)
    time.sleep(300)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, by us and by what we start."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def _inside(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def test_it_has_a_commits_files_with_changes_laid_over(repository: Repository) -> None:
    base = repository.commit(
        **{"kept": "1", "changed": "1", "gone": "1", "was-a-file": "1", "folder/in": "1"}
    )
    repository.run("tag", "v1.2")
    repository.write("changed", "2")
    repository.write("new/program", "2", executable=True)
    (repository.root / "link").symlink_to("kept")
    (repository.root / "was-a-file").unlink()
    repository.write("was-a-file/now-a-folder", "2")
    before = _inside(repository.root)
    layer = Layer(
        ("changed", "new/program", "link", "was-a-file/now-a-folder"), ("gone",), (("folder/in", b"3"),)
    )
    with scratch_workspace(repository.git, base) as scratch:
        scratch.lay(layer)
        root = scratch.root
        assert (root / "kept").read_text() == "1"
        assert (root / "changed").read_text() == "2"
        assert os.access(root / "new/program", os.X_OK)
        assert (root / "link").readlink() == Path("kept")
        assert not (root / "gone").exists()
        assert (root / "was-a-file/now-a-folder").read_text() == "2"
        assert (root / "folder/in").read_text() == "3"
        # What asks git for its version is told the project's; nothing can be pushed from here.
        assert scratch.git.text("describe", "--tags") == "v1.2"
        assert scratch.git.branch() == repository.git.branch()
        assert scratch.git.text("remote") == ""
    assert not root.exists()
    assert _inside(repository.root) == before


def test_its_tree_is_the_one_that_would_be_committed(repository: Repository) -> None:
    repository.commit(a="1", b="1")
    baseline = repository.baseline()
    repository.write("a", "2")
    repository.write("c", "2")
    (repository.root / "b").unlink()
    changes = repository.changes(baseline)
    layer = Layer(("a", "c"), ("b",))
    with scratch_workspace(repository.git, baseline.commit) as scratch:
        scratch.lay(layer)
        assert scratch.tree(layer) == tree_fingerprint(repository.git, changes)


def test_a_folder_that_is_a_link_leads_nowhere(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit(a="1")
    (tmp_path / "outside").mkdir()
    (repository.root / "folder").symlink_to(tmp_path / "outside")
    with scratch_workspace(repository.git, base) as scratch:
        scratch.lay(Layer(("folder",)))
        with pytest.raises(PathError):
            scratch.lay(Layer(texts=(("folder/file", b"text"),)))
    assert list((tmp_path / "outside").iterdir()) == []


def test_before_the_first_commit_it_is_empty(repository: Repository) -> None:
    with scratch_workspace(repository.git, "") as scratch:
        assert [path.name for path in scratch.root.iterdir()] == [".git"]


def test_one_of_a_process_that_was_killed_goes_with_the_next(repository: Repository) -> None:
    base = repository.commit(a="1")
    before = _inside(repository.root)
    process = subprocess.Popen(
        [sys.executable, "-c", MAKES_ONE, str(LIB), str(repository.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    left = Path(process.stdout.readline().strip())
    with scratch_workspace(repository.git, base):
        assert (left / "a").exists()  # its owner is at work
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (left / "a").exists()
    with scratch_workspace(repository.git, base):
        assert not left.exists()
    assert _inside(repository.root) == before
