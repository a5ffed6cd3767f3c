"""An index of our own has what is in the working tree, however quickly that changed."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batch_implement.workspace.index import temporary_index, tree_fingerprint

if TYPE_CHECKING:
    from tests.git_repositories import Repository

LONG_AGO = 1_700_000_000


@pytest.fixture
def changed_at_once(repository: Repository) -> Repository:
    """A file was changed, to the same size, in the second in which the index was written."""
    repository.run("config", "core.trustctime", "false")
    os.utime(repository.write("app.py", "old"), (LONG_AGO, LONG_AGO))
    repository.commit()
    os.utime(repository.root / ".git/index", (LONG_AGO, LONG_AGO))
    os.utime(repository.write("app.py", "new"), (LONG_AGO, LONG_AGO))
    return repository


def test_a_change_within_the_second_of_the_last_commit_is_in_the_fingerprint(
    changed_at_once: Repository,
) -> None:
    changes = changed_at_once.changes(changed_at_once.baseline())
    head = changed_at_once.run("rev-parse", "HEAD^{tree}")
    assert tree_fingerprint(changed_at_once.git, replace(changes, mine=changes.users)) != head


def test_a_change_within_the_second_of_the_last_commit_is_in_the_index(changed_at_once: Repository) -> None:
    changes = changed_at_once.changes(changed_at_once.baseline())
    with temporary_index(changed_at_once.git, changes.head, changes.users) as index:
        os.environ["GIT_INDEX_FILE"] = str(index)
        try:
            assert changed_at_once.run("cat-file", "blob", ":app.py") == "new"
        finally:
            del os.environ["GIT_INDEX_FILE"]
