"""What a changed file was before the feature and what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.workspace import file_versions
from batch_implement.workspace.file_versions import FileVersion, working_versions

if TYPE_CHECKING:
    from tests.git_repositories import Repository


def _versions(repository: Repository, change: object) -> dict[str, FileVersion]:
    baseline = repository.baseline()
    change(repository)  # type: ignore[operator]
    changes = repository.changes(baseline)
    return {version.path: version for version in working_versions(repository.git, changes.mine)}


def _edit(repository: Repository) -> None:
    repository.write("app.py", "changed\n")


def _edit_and_commit(repository: Repository) -> None:
    repository.commit(**{"app.py": "changed\n"})


def _commit_and_edit(repository: Repository) -> None:
    repository.commit(**{"app.py": "in between\n"})
    repository.write("app.py", "changed\n")


def _stage_and_edit(repository: Repository) -> None:
    repository.write("app.py", "in between\n")
    repository.run("add", "app.py")
    repository.write("app.py", "changed\n")


def _forget_and_edit(repository: Repository) -> None:
    repository.run("rm", "--quiet", "--cached", "app.py")
    repository.write("app.py", "changed\n")


@pytest.mark.parametrize(
    "change", [_edit, _edit_and_commit, _commit_and_edit, _stage_and_edit, _forget_and_edit]
)
def test_before_is_what_the_baseline_has_however_the_change_was_made(
    change: object, repository: Repository
) -> None:
    version = _versions(repository, change)["app.py"]
    assert (version.before, version.after) == (b"print('hello')\n", b"changed\n")


def test_a_new_file_was_nothing_before_and_a_deleted_one_is_nothing_now(repository: Repository) -> None:
    def change(repository: Repository) -> None:
        repository.run("mv", "app.py", "main.py")

    versions = _versions(repository, change)
    assert (versions["app.py"].before, versions["app.py"].after) == (b"print('hello')\n", None)
    assert (versions["main.py"].before, versions["main.py"].after) == (None, b"print('hello')\n")


def test_a_link_is_no_file_before_or_after(repository: Repository) -> None:
    (repository.root / "to-file").symlink_to("app.py")
    repository.write("to-link", "a file\n")
    repository.commit()

    def change(repository: Repository) -> None:
        for name in ("to-file", "to-link"):
            (repository.root / name).unlink()
        repository.write("to-file", "a file\n")
        (repository.root / "to-link").symlink_to("app.py")

    versions = _versions(repository, change)
    assert (versions["to-file"].before, versions["to-file"].after) == (None, b"a file\n")
    assert (versions["to-link"].before, versions["to-link"].after) == (b"a file\n", None)


def test_before_the_first_commit_nothing_was_before(empty_repository: Repository) -> None:
    versions = _versions(empty_repository, lambda repository: repository.commit(**{"a.py": "new\n"}))
    assert (versions["a.py"].before, versions["a.py"].after) == (None, b"new\n")


def test_beside_a_file_over_the_limit_the_others_are_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_versions, "READ_LIMIT", 1_000)
    monkeypatch.setattr(file_versions, "_AT_ONCE", 2_000)
    repository.commit(**{"data.csv": "x" * 10_000})

    def change(repository: Repository) -> None:
        _edit(repository)
        repository.write("data.csv", "small\n")

    versions = _versions(repository, change)
    assert versions["app.py"].before == b"print('hello')\n"
    assert (versions["data.csv"].before, versions["data.csv"].after) == (None, b"small\n")
