"""A project is two places: the home, which has the batch, and the tree that is worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.engine.project import Project
from batch_implement.errors import BatchStateError
from batch_implement.state.lane_marker import mark_lane

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches import Batch


@pytest.fixture
def tree(batch: Batch) -> Path:
    """A worktree inside the project, in which a batch is at work."""
    batch.begin()
    batch.repository.write(".env", "BATCH_ORDER=given\n")
    place = batch.root / "trees/one"
    batch.repository.run("worktree", "add", "--quiet", "--detach", str(place))
    return place


@pytest.mark.parametrize("below", [".", "src/deep"])
def test_in_the_main_tree_they_are_one_folder(batch: Batch, tree: Path, below: str) -> None:
    (batch.root / "src/deep").mkdir(parents=True)
    found = Project.find(batch.root / below)
    assert (found.home, found.workspace, found.git.root) == (batch.root, batch.root, batch.root)
    assert found.state.exists()


def test_a_worktree_of_the_users_inside_the_project_is_another_one(tree: Path) -> None:
    found = Project.find(tree)
    assert (found.home, found.workspace, found.git.root) == (tree, tree, tree)
    assert not found.state.exists()


def test_a_lane_has_the_batch_and_the_settings_of_its_home_and_a_tree_of_its_own(
    batch: Batch, tree: Path
) -> None:
    mark_lane(tree, batch.root)
    found = Project.find(tree)
    assert (found.home, found.workspace, found.git.root) == (batch.root, tree, tree)
    assert found.state.read() == batch.state
    assert found.config.text("BATCH_ORDER") == "given"


def test_who_stepped_into_another_checkout_below_is_told_where_the_batch_is(batch: Batch, tree: Path) -> None:
    with pytest.raises(BatchStateError, match=r"There is no batch state at .*/trees/one/") as refused:
        Project.find(tree).state.read()
    assert str(refused.value).endswith(f"A batch is at work in {batch.root}: cd there to go on with it.")
