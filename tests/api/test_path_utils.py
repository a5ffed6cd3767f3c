"""The documented calls find the project and its state from anywhere inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_implement.api.path_utils import get_batch_state_file, get_project_root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "project/packages/web/src").mkdir(parents=True)
    return tmp_path / "project"


@pytest.mark.parametrize("place", [".", "packages", "packages/web/src"])
def test_the_root_is_found_from_every_folder_below_it(project: Path, place: str) -> None:
    assert get_project_root(project / place) == project
    assert get_batch_state_file(project / place) == project / ".claude/batch_state.json"


def test_a_package_with_a_claude_folder_of_its_own_is_no_project(project: Path) -> None:
    (project / "packages/web/.claude").mkdir()
    assert get_project_root(project / "packages/web/src") == project


def test_a_linked_worktree_is_a_project_of_its_own(project: Path) -> None:
    (project / "tree").mkdir()
    (project / "tree/.git").write_text("gitdir: ../.git/worktrees/tree\n")
    assert get_project_root(project / "tree") == project / "tree"


def test_without_git_a_claude_folder_marks_the_project(tmp_path: Path) -> None:
    (tmp_path / "notes/.claude").mkdir(parents=True)
    (tmp_path / "notes/deep").mkdir()
    assert get_project_root(tmp_path / "notes/deep") == tmp_path / "notes"


def test_a_project_behind_a_link_is_the_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("project")
    assert get_project_root(tmp_path / "link/packages") == project


def test_the_current_folder_is_where_the_search_begins(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "packages")
    assert get_project_root() == project


def test_outside_of_any_project_it_is_said() -> None:
    for call in (get_project_root, get_batch_state_file):
        with pytest.raises(FileNotFoundError, match=r"is not in a project.*git init"):
            call(Path("/proc/sys"))
