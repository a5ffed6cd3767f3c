"""Every condition a repository may be in: the commit succeeds, or its error names the condition.

The user's files are byte for byte what they were, and the repository is whole, after each of them.
"""

from __future__ import annotations

import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.git_repositories import Repository, assert_sound

from batch_implement.delivery.commit import Commit, commit_feature
from batch_implement.errors import GitError
from batch_implement.system.git.git import Git, NotARepositoryError
from batch_implement.workspace.index_lock import IndexLockedError, wait_for_index
from batch_implement.workspace.repository_condition import RepositoryConditionError

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.workspace.baseline import Baseline

pytestmark = pytest.mark.slow


def _commit(repository: Repository, baseline: Baseline, timeout: float = 60.0) -> Commit:
    return commit_feature(
        repository.git,
        repository.changes(baseline),
        "feat: change files",
        baseline=baseline,
        batch_id="batch-1",
        feature_number=1,
        timeout=timeout,
    )


# --- names and kinds of files come out as they went in


@pytest.mark.parametrize(
    "name",
    [
        "with space.txt",
        "with\nnewline.txt",
        'with\ttab and "quotes".txt',
        "not utf-8 \udcff\udcfe.txt",
        "-leading-dash.txt",
        "--upload-pack=touch canary",
        ":(glob)*.txt",
        ":!excluded",
        "*.txt",
        "[ab].txt",
        "back\\slash.txt",
        "ünïcödé/名前.txt",
        "$(touch canary)`touch canary`;touch canary",
        "#comment",
    ],
)
def test_a_strange_name_is_committed_as_it_is(name: str, busy_repository: Repository) -> None:
    busy_repository.write("bystander.txt")
    baseline = busy_repository.baseline()
    busy_repository.write(name, "new\n")
    assert _commit(busy_repository, baseline).files == (name,)
    assert set(busy_repository.tracked()) - set(busy_repository.tracked("HEAD^")) == {name}
    assert not (busy_repository.root / "canary").exists()


def test_renames_deletions_modes_and_links_are_committed(busy_repository: Repository) -> None:
    busy_repository.run("commit", "--quiet", "--message", "more", "--only", "app.py", "--allow-empty")
    for name in ("old.py", "gone.py", "tool.sh", "becomes-link", "becomes-folder", "forgotten.cfg"):
        busy_repository.write(f"lib/{name}", f"{name} with enough text to be recognised as renamed\n" * 3)
    busy_repository.write("folder/inner.py", "inner\n")
    busy_repository.run("add", "lib", "folder")
    busy_repository.run("commit", "--quiet", "--message", "files", "--only", "lib", "folder")
    baseline = busy_repository.baseline()
    root = busy_repository.root
    busy_repository.run("mv", "lib/old.py", "lib/new.py")
    (root / "lib/gone.py").unlink()
    (root / "lib/tool.sh").chmod(0o755)
    (root / "lib/becomes-link").unlink()
    (root / "lib/becomes-link").symlink_to("tool.sh")
    (root / "lib/becomes-folder").unlink()
    busy_repository.write("lib/becomes-folder/file.py")
    (root / "folder/inner.py").unlink()
    (root / "folder").rmdir()
    busy_repository.write("folder", "a file now\n")
    busy_repository.run("rm", "--quiet", "--cached", "lib/forgotten.cfg")
    (root / ".git/info/exclude").write_text("forgotten.cfg\n")
    _commit(busy_repository, baseline)
    tracked = busy_repository.tracked()
    assert {path for path in tracked if not path.startswith("users/")} == {
        "app.py",
        "folder",
        "lib/becomes-folder/file.py",
        "lib/becomes-link",
        "lib/new.py",
        "lib/tool.sh",
    }
    assert tracked["lib/tool.sh"].startswith("100755")
    assert tracked["lib/becomes-link"].startswith("120000")
    assert (root / "lib/forgotten.cfg").exists()
    assert not [path for path in busy_repository.baseline().users if not path.startswith("users/")]


def test_a_renaming_of_case_alone_is_committed_where_case_is_ignored(busy_repository: Repository) -> None:
    busy_repository.run("config", "core.ignoreCase", "true")
    baseline = busy_repository.baseline()
    busy_repository.run("mv", "--force", "app.py", "App.py")
    _commit(busy_repository, baseline)
    assert "App.py" in busy_repository.tracked()
    assert "app.py" not in busy_repository.tracked()


def test_line_ends_are_converted_as_the_attributes_say(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write(".gitattributes", "*.txt text eol=crlf\n")
    busy_repository.write("notes.txt", "one\r\ntwo\r\n")
    _commit(busy_repository, baseline)
    assert busy_repository.run("cat-file", "blob", "HEAD:notes.txt") == "one\ntwo"
    assert (busy_repository.root / "notes.txt").read_bytes() == b"one\r\ntwo\r\n"


def test_large_files_go_through_their_filter(busy_repository: Repository) -> None:
    busy_repository.run("config", "filter.lfs.clean", "git hash-object --stdin")
    busy_repository.run("config", "filter.lfs.required", "true")
    baseline = busy_repository.baseline()
    busy_repository.write(".gitattributes", "*.bin filter=lfs\n")
    busy_repository.write("model.bin", b"\0" * 4096)
    _commit(busy_repository, baseline)
    assert len(busy_repository.run("cat-file", "blob", "HEAD:model.bin")) == 40


def test_a_filter_that_fails_is_a_named_error(busy_repository: Repository) -> None:
    busy_repository.run("config", "filter.lfs.clean", "false")
    busy_repository.run("config", "filter.lfs.required", "true")
    baseline = busy_repository.baseline()
    busy_repository.write(".gitattributes", "*.bin filter=lfs\n")
    busy_repository.write("model.bin", b"\0" * 4096)
    with pytest.raises(GitError, match=r"model\.bin"):
        _commit(busy_repository, baseline)


def test_in_a_sparse_checkout_what_is_not_checked_out_stays(repository: Repository) -> None:
    repository.commit(**{"kept/a.py": "a\n", "hidden/b.py": "b\n"})
    repository.run("sparse-checkout", "set", "kept")
    baseline = repository.baseline()
    assert baseline.users == {}
    repository.write("kept/a.py", "changed\n")
    repository.write("outside/new.py", "new\n")
    before = repository.tracked()
    commit = _commit(repository, baseline)
    assert commit.files == ("kept/a.py", "outside/new.py")
    assert repository.tracked()["hidden/b.py"] == before["hidden/b.py"]
    assert not (repository.root / "hidden/b.py").exists()
    assert repository.run("status", "--porcelain") == ""


def test_in_a_linked_worktree_the_commit_goes_to_its_branch(
    busy_repository: Repository, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    busy_repository.run("worktree", "add", "--quiet", "-b", "side", str(linked))
    other = Repository(linked)
    baseline = other.baseline()
    other.write("new.py")
    assert _commit(other, baseline).branch == "side"
    assert busy_repository.log() == ["Begin"]
    assert len(other.log()) == 2


def test_in_a_shallow_clone_a_commit_is_made(busy_repository: Repository, tmp_path: Path) -> None:
    busy_repository.run("commit", "--quiet", "--allow-empty", "--message", "second", "--only", "app.py")
    root = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{busy_repository.root}", root], check=True
    )
    shallow = Repository(root)
    baseline = shallow.baseline()
    shallow.write("new.py")
    assert _commit(shallow, baseline).files == ("new.py",)


def test_with_a_split_index_a_commit_is_made(busy_repository: Repository) -> None:
    busy_repository.run("update-index", "--split-index")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    assert _commit(busy_repository, baseline).files == ("new.py",)


# --- submodules


@pytest.fixture
def with_submodule(repository: Repository, tmp_path: Path) -> Repository:
    library = tmp_path / "library"
    subprocess.run(["git", "init", "--quiet", str(library)], check=True)
    Repository(library).commit(**{"lib.py": "1\n"})
    repository.run("submodule", "--quiet", "add", str(library), "vendor")
    repository.commit("Add the library")
    return repository


def test_a_submodule_that_moved_to_another_commit_is_committed(with_submodule: Repository) -> None:
    baseline = with_submodule.baseline()
    inner = Repository(with_submodule.root / "vendor")
    moved_to = inner.commit(**{"lib.py": "2\n"})
    assert _commit(with_submodule, baseline).files == ("vendor",)
    assert with_submodule.tracked()["vendor"] == f"160000 {moved_to}"


def test_changed_content_inside_a_submodule_is_told_apart(with_submodule: Repository) -> None:
    baseline = with_submodule.baseline()
    with_submodule.write("vendor/lib.py", "changed\n")
    assert [(change.path, change.kind) for change in with_submodule.changes(baseline).mine] == [
        ("vendor", "submodule")
    ]


def test_leftovers_inside_a_submodule_are_nobodys_change(with_submodule: Repository) -> None:
    baseline = with_submodule.baseline()
    with_submodule.write("vendor/__pycache__/lib.pyc", b"\0")
    assert with_submodule.changes(baseline).mine == ()


def test_users_changes_inside_a_submodule_are_left_alone(with_submodule: Repository) -> None:
    with_submodule.write("vendor/lib.py", "the user's\n")
    baseline = with_submodule.baseline()
    with_submodule.write("new.py")
    assert [change.path for change in with_submodule.changes(baseline).users] == ["vendor"]
    assert _commit(with_submodule, baseline).files == ("new.py",)
    with_submodule.write("vendor/lib.py", "the feature's\n")
    assert [change.path for change in with_submodule.changes(baseline).touched_users] == ["vendor"]


def test_a_clone_inside_the_project_is_told_apart(repository: Repository) -> None:
    baseline = repository.baseline()
    subprocess.run(["git", "init", "--quiet", str(repository.root / "cloned")], check=True)
    Repository(repository.root / "cloned").commit()
    assert [(change.path, change.kind) for change in repository.changes(baseline).mine] == [
        ("cloned/", "repository")
    ]


# --- conditions in which no commit is made


def _detach(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--detach")


def _merge(repository: Repository) -> None:
    _diverge(repository)
    repository.run("merge", "side", check=False)


def _rebase(repository: Repository) -> None:
    _diverge(repository)
    repository.run("rebase", "side", check=False)


def _cherry_pick(repository: Repository) -> None:
    _diverge(repository)
    repository.run("cherry-pick", "side", check=False)


def _revert(repository: Repository) -> None:
    repository.commit("one", **{"app.py": "one\n"})
    repository.commit("two", **{"app.py": "two\n"})
    repository.run("revert", "--no-edit", "HEAD^", check=False)


def _bisect(repository: Repository) -> None:
    repository.commit("second")
    repository.commit("third")
    repository.run("bisect", "start", "HEAD", "HEAD~2")
    repository.run("switch", "--quiet", "main")


def _no_identity(repository: Repository) -> None:
    repository.run("config", "user.useConfigOnly", "true")
    repository.run("config", "user.name", "")
    repository.run("config", "user.email", "")


def _diverge(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--create", "side")
    repository.commit("theirs", **{"app.py": "theirs\n"})
    repository.run("switch", "--quiet", "main")
    repository.commit("ours", **{"app.py": "ours\n"})


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (_detach, "git switch -c"),
        (_merge, "git merge --abort"),
        (_rebase, "git rebase --continue"),
        (_cherry_pick, "git cherry-pick --continue"),
        (_revert, "git revert --continue"),
        (_bisect, "git bisect reset"),
        (_no_identity, "git config user.email"),
    ],
)
def test_a_condition_that_allows_no_commit_is_named_with_its_way_out(
    arrange: object, words: str, repository: Repository
) -> None:
    arrange(repository)  # type: ignore[operator]
    baseline = repository.baseline()
    repository.write("new.py")
    head = repository.run("rev-parse", "HEAD")
    with pytest.raises(RepositoryConditionError, match=words) as refused:
        _commit(repository, baseline)
    assert str(repository.root) in str(refused.value)
    assert repository.run("rev-parse", "HEAD") == head


def test_a_bare_repository_is_named(tmp_path: Path, git_home: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "bare")], check=True)
    with pytest.raises(NotARepositoryError, match="bare repository"):
        Git.open(tmp_path / "bare")


def test_a_folder_without_a_repository_is_named(tmp_path: Path, git_home: Path) -> None:
    with pytest.raises(NotARepositoryError, match="git init"):
        Git.open(tmp_path)


# --- locks


def test_the_lock_of_a_dead_git_is_named_and_left_alone(repository: Repository) -> None:
    lock = repository.root / ".git/index.lock"
    baseline = repository.baseline()
    repository.write("new.py")
    lock.touch()
    with pytest.raises(IndexLockedError, match=r"has died.*rm '.*index\.lock'"):
        _commit(repository, baseline)
    assert lock.exists()
    lock.unlink()
    assert _commit(repository, baseline).files == ("new.py",)


def test_the_lock_of_a_live_git_is_waited_for(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with (busy_repository.root / ".git/index.lock").open("w") as held:
        holder = subprocess.Popen(["sleep", "100"], stdout=held)

    def release() -> None:
        (busy_repository.root / ".git/index.lock").unlink()
        holder.kill()
        holder.wait()

    timer = threading.Timer(3.0, release)
    timer.start()
    assert _commit(busy_repository, baseline).files == ("new.py",)
    timer.join()


def test_the_lock_of_a_live_git_is_not_waited_for_without_end(repository: Repository) -> None:
    lock = repository.root / ".git/index.lock"
    with lock.open("w") as held:
        holder = subprocess.Popen(["sleep", "100"], stdout=held)
    now = iter(range(100))
    with pytest.raises(IndexLockedError, match="Another git is working"):
        wait_for_index(repository.git, 10.0, clock=lambda: float(next(now)), sleep=lambda _: None)
    holder.kill()
    holder.wait()
    lock.unlink()


def test_a_commit_killed_in_its_hook_leaves_no_lock_and_no_child(busy_repository: Repository) -> None:
    marker = busy_repository.root / ".git/hook-pid"
    busy_repository.hook("pre-commit", f"trap '' TERM; echo $$ > '{marker}'; sleep 1000; sleep 1000")
    baseline = busy_repository.baseline()
    busy_repository.write("new.py")
    with pytest.raises(GitError, match="waited for the pre-commit hook"):
        _commit(busy_repository, baseline, timeout=1.0)
    assert _ended(int(marker.read_text()))
    marker.unlink()
    busy_repository.hook("pre-commit", "exit 0")
    assert_sound(busy_repository)
    assert _commit(busy_repository, baseline).files == ("new.py",)


def _ended(pid: int) -> bool:
    """Whether it ends within seconds: a signal takes its moment. What init has yet to reap has ended."""
    for _ in range(100):
        told = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if not told.stdout.strip() or told.stdout.startswith("Z"):
            return True
        time.sleep(0.05)
    return False
