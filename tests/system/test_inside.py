"""A path that leads out of the project is found out, however it leads there."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_implement.errors import PathError
from batch_implement.system.files.inside import inside


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project/packages/web/src").mkdir(parents=True)
    return tmp_path / "project"


@pytest.mark.parametrize("path", ["a.txt", "packages/../a.txt", "not/there", ".", "packages/web/../../a"])
def test_what_lies_in_the_project_is_inside(project: Path, path: str) -> None:
    assert inside(project, Path(path)).is_relative_to(project)


@pytest.mark.parametrize("path", ["..", "../other", "/etc/passwd", "packages/../../other", "/"])
def test_what_leads_out_is_outside(project: Path, path: str) -> None:
    with pytest.raises(PathError, match="is outside the project"):
        inside(project, Path(path))


def test_a_folder_whose_name_begins_like_the_projects_is_outside(project: Path) -> None:
    (project.parent / "project-2").mkdir()
    with pytest.raises(PathError):
        inside(project, project.parent / "project-2/a.txt")


def test_a_link_that_leads_out_is_outside(project: Path) -> None:
    (project / "out").symlink_to("/etc")
    with pytest.raises(PathError):
        inside(project, Path("out/passwd"))
