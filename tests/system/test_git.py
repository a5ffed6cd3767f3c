"""Reading git's status, and calls that nothing in a repository can bend."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.system.git.git import Git, GitCommandError, GitTimeoutError, NotARepositoryError
from batch_implement.system.git.path_lists import join_paths, split_paths
from batch_implement.system.git.places import Places
from batch_implement.system.git.status import Entry, Status, parse_status
from batch_implement.system.text.secrets import without_logins

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.git_repositories import Repository


def test_a_clean_repository_has_head_branch_and_nothing_else(repository: Repository) -> None:
    head = repository.run("rev-parse", "HEAD")
    assert repository.git.status() == Status(head=head, branch="main")


def test_before_the_first_commit_there_is_no_head(empty_repository: Repository) -> None:
    empty_repository.write("a")
    assert empty_repository.git.status() == Status(head="", branch="main", untracked=("a",))


def test_on_a_detached_head_there_is_no_branch(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--detach")
    assert repository.git.status().branch == ""


def test_every_kind_of_change_is_listed(busy_repository: Repository) -> None:
    status = busy_repository.git.status()
    assert {entry.path: entry.index + entry.worktree for entry in status.entries} == {
        "users/deleted.txt": ".D",
        "users/modified.txt": ".M",
        "users/new-staged.txt": "A.",
        "users/partly-staged.txt": "MM",
        "users/removed.txt": "D.",
        "users/script.sh": ".M",
        "users/staged.txt": "M.",
    }
    assert set(status.untracked) == {"users/link", "users/untracked \udcff.txt"}


def test_a_rename_is_a_deletion_and_an_addition(repository: Repository) -> None:
    repository.run("mv", "app.py", "main.py")
    assert [(entry.path, entry.index) for entry in repository.git.status().entries] == [
        ("app.py", "D"),
        ("main.py", "A"),
    ]


def test_a_conflict_is_unmerged(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--create", "side")
    repository.commit("theirs", **{"app.py": "theirs\n"})
    repository.run("switch", "--quiet", "main")
    repository.commit("ours", **{"app.py": "ours\n"})
    repository.run("merge", "side", check=False)
    (entry,) = repository.git.status().entries
    assert (entry.path, entry.unmerged) == ("app.py", True)


def test_a_listing_with_a_rename_in_it_is_read_too() -> None:
    output = (
        b"# branch.oid (initial)\0# branch.head main\0"
        b"2 R. N... 100644 100644 100644 aaaa bbbb R100 new name\0old name\0? other\0! ignored\0"
    )
    assert parse_status(output) == Status(
        head="",
        branch="main",
        entries=(Entry("new name", "R", ".", head_mode="100644", head_id="aaaa"),),
        untracked=("other",),
        ignored=("ignored",),
    )


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name)))
def test_names_of_any_bytes_go_out_as_they_came_in(names: list[bytes]) -> None:
    paths = tuple(map(os.fsdecode, names))
    assert split_paths(join_paths(paths)) == paths


def test_from_a_folder_below_the_top_is_found(repository: Repository) -> None:
    (repository.root / "a/b").mkdir(parents=True)
    assert Git.open(repository.root / "a/b").root == repository.root


def test_gits_own_folder_is_no_working_tree(repository: Repository) -> None:
    with pytest.raises(NotARepositoryError):
        Git.open(repository.root / ".git")


def test_a_repository_of_another_user_is_named_with_the_way_to_trust_it(repository: Repository) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(repository.root, 12345, 12345)
    try:
        with pytest.raises(NotARepositoryError, match=r"safe\.directory"):
            Git.open(repository.root)
    finally:
        os.chown(repository.root, 0, 0)


def test_a_failure_names_the_repository_and_what_git_said(repository: Repository) -> None:
    with pytest.raises(GitCommandError, match="no-such-branch") as failed:
        repository.git.run("switch", "no-such-branch")
    assert str(repository.root) in str(failed.value)
    assert failed.value.finished.returncode == 128


def test_a_command_that_does_not_end_is_stopped_and_named(repository: Repository) -> None:
    repository.run("config", "alias.wait", "!sleep 1000")
    with pytest.raises(GitTimeoutError, match=r"git wait .* 0\.5 seconds"):
        repository.git.run("wait", timeout=0.5)


@pytest.mark.parametrize("revision", ["no-such", "--help", "-h", "", "HEAD:app.py", "a\nb"])
def test_what_is_no_commit_resolves_to_nothing(revision: str, repository: Repository) -> None:
    assert repository.git.resolve(revision) == ""


def test_messages_are_english_whatever_the_language(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with pytest.raises(GitCommandError, match="invalid reference"):
        repository.git.run("switch", "no-such-branch")


def _linked(repository: Repository, tmp_path: Path) -> Path:
    repository.run("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    return tmp_path / "linked"


def _submodule(repository: Repository, tmp_path: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(repository.root), str(tmp_path / "library")], check=True)
    repository.run("submodule", "--quiet", "add", str(tmp_path / "library"), "vendor")
    return repository.root / "vendor"


def _subfolder(repository: Repository, tmp_path: Path) -> Path:
    (repository.root / "a/b").mkdir(parents=True)
    return repository.root / "a/b"


def _by_a_link(repository: Repository, tmp_path: Path) -> Path:
    (tmp_path / "link").symlink_to(_subfolder(repository, tmp_path))
    return tmp_path / "link"


def _with_a_line_break(repository: Repository, tmp_path: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(repository.root), str(tmp_path / "a\nb")], check=True)
    return tmp_path / "a\nb"


def _elsewhere(repository: Repository, tmp_path: Path) -> Path:
    repository.run("init", "--quiet", f"--separate-git-dir={tmp_path / 'kept'}")
    return repository.root


@pytest.mark.parametrize(
    "arrange", [_linked, _submodule, _subfolder, _by_a_link, _with_a_line_break, _elsewhere]
)
def test_what_git_keeps_is_found_where_git_itself_finds_it(
    arrange: Callable[[Repository, Path], Path], repository: Repository, tmp_path: Path
) -> None:
    git = Git.open(arrange(repository, tmp_path))
    places = git.places
    assert places == Git(git.root).places
    for name, place in {
        "index": places.index,
        "index.lock": places.index_lock,
        "objects": places.objects,
        "info/exclude": places.exclude,
        "hooks": places.hooks,
        "MERGE_HEAD": places.own / "MERGE_HEAD",
    }.items():
        assert place == git.git_path(name).resolve(), name


def test_the_branch_is_the_one_that_is_checked_out_now(repository: Repository, tmp_path: Path) -> None:
    git = repository.git
    assert git.branch() == "main"
    repository.run("switch", "--quiet", "--create", "batch/2-größe")
    assert git.branch() == "batch/2-größe"
    assert Git(_linked(repository, tmp_path)).branch() == ""


def test_before_the_first_commit_there_is_a_branch(empty_repository: Repository) -> None:
    assert empty_repository.git.branch() == "main"


@pytest.mark.parametrize("head", ["ref: refs/heads/.invalid\n", "ref: refs/heads/main", "garbage", "\udcff"])
def test_git_is_asked_for_the_branch_where_its_file_does_not_tell(head: str, tmp_path: Path) -> None:
    (tmp_path / "HEAD").write_bytes(os.fsencode(head))
    assert Places(tmp_path, tmp_path).branch() == ""


def test_hooks_are_found_where_the_user_keeps_them(repository: Repository) -> None:
    repository.run("config", "core.hooksPath", "team-hooks")
    assert repository.git.git_path("hooks") == repository.root / "team-hooks"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fatal: https://me:s3cret@example.com/a.git", "fatal: https://[redacted]@example.com/a.git"),
        ("https://ghp_token@github.com/a", "https://[redacted]@github.com/a"),
        ("git@github.com:a/b", "git@github.com:a/b"),
        ("https://example.com/a@b", "https://example.com/a@b"),
    ],
)
def test_passwords_are_cut_out_of_addresses(text: str, shown: str) -> None:
    assert without_logins(text) == shown
