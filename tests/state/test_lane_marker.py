"""A worktree that we made is marked with its home; nothing else can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import PathError
from batch_implement.state.find_home import Place, find_home
from batch_implement.state.lane_marker import mark_lane

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository


@pytest.fixture
def lane(busy_repository: Repository, tmp_path: Path) -> Path:
    place = tmp_path / "the lane"
    busy_repository.run("worktree", "add", "--quiet", "--detach", str(place))
    return place


def test_from_a_marked_worktree_the_home_is_found(busy_repository: Repository, lane: Path) -> None:
    assert find_home(lane) == Place(lane, lane)
    mark_lane(lane, busy_repository.root)
    assert find_home(lane) == Place(busy_repository.root, lane)


def test_a_mark_is_replaced(busy_repository: Repository, lane: Path, tmp_path: Path) -> None:
    mark_lane(lane, tmp_path)
    mark_lane(lane, busy_repository.root)
    assert find_home(lane).home == busy_repository.root


def test_links_on_the_way_to_lane_and_home_are_not_part_of_the_mark(
    busy_repository: Repository, lane: Path, tmp_path: Path
) -> None:
    (tmp_path / "to-lane").symlink_to(lane)
    (tmp_path / "to-home").symlink_to(busy_repository.root)
    mark_lane(tmp_path / "to-lane", tmp_path / "to-home")
    (tmp_path / "to-home").unlink()
    assert find_home(lane).home == busy_repository.root


def test_git_does_not_see_the_mark_and_removes_it_with_the_worktree(
    busy_repository: Repository, lane: Path
) -> None:
    mark_lane(lane, busy_repository.root)
    assert busy_repository.run("-C", str(lane), "status", "--porcelain", "--ignored") == ""
    busy_repository.run("worktree", "remove", str(lane))
    busy_repository.run("worktree", "add", "--quiet", "--detach", str(lane))
    assert find_home(lane).home == lane


@pytest.mark.parametrize("place", [".", "src", "nowhere"])
def test_the_main_tree_a_subfolder_and_what_is_not_there_are_no_lanes(
    busy_repository: Repository, place: str
) -> None:
    busy_repository.write("src/file")
    with pytest.raises(PathError, match="is not a linked worktree of git"):
        mark_lane(busy_repository.root / place, busy_repository.root)


def test_a_submodule_is_no_lane(busy_repository: Repository, tmp_path: Path) -> None:
    module = tmp_path / "module"
    busy_repository.run("clone", "--quiet", str(busy_repository.root), str(module))
    command = ("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(module), "sub")
    busy_repository.run(*command)
    with pytest.raises(PathError, match="is not a linked worktree of git"):
        mark_lane(busy_repository.root / "sub", busy_repository.root)


def test_a_home_that_is_no_folder_is_refused(busy_repository: Repository, lane: Path) -> None:
    with pytest.raises(PathError, match="can't be the home of a batch"):
        mark_lane(lane, busy_repository.root / "gone")
    assert find_home(lane).home == lane
