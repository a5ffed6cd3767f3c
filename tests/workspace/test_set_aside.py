"""A failed feature's work is kept on a branch byte for byte, and the tree is as it was before.

Every test ends with a look at the whole repository by ``git fsck``.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.git_repositories import USERS_PATHS, assert_sound, users_work

from batch_implement.errors import GitError
from batch_implement.workspace import set_aside as module
from batch_implement.workspace.set_aside import set_aside

if TYPE_CHECKING:
    from tests.git_repositories import Repository

    from batch_implement.system.git.git import Git
    from batch_implement.workspace.baseline import Baseline
    from batch_implement.workspace.change_set import Change

pytestmark = pytest.mark.slow

BRANCH = "batch-implement/batch-1/feature-3"
NAMES = (
    "with space.txt",
    "with\nnewline.txt",
    "not utf-8 \udcff.txt",
    "-option",
    ":(top)magic",
    'tab\tand "quotes"',
    "ünï",
)


def _keep(repository: Repository, baseline: Baseline, branch: str = BRANCH) -> str:
    return set_aside(repository.git, repository.changes(baseline), branch=branch)


def _tree(root: Path) -> dict[str, object]:
    """Every path of the working tree with its kind, mode and bytes."""
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for name in [*folders, *files]:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            content = path.readlink() if path.is_symlink() else path.is_dir() or path.read_bytes()
            found[str(path.relative_to(root))] = (stat.S_IFMT(mode), mode & 0o111, content)
    return found


def _blob(repository: Repository, branch: str, path: str) -> str:
    return repository.run("cat-file", "blob", f"{branch}:{path}")


def test_the_work_is_on_the_branch_and_the_tree_as_before(busy_repository: Repository) -> None:
    before = _tree(busy_repository.root)
    status = busy_repository.run("status", "--porcelain=v2", "-z")
    baseline = busy_repository.baseline()
    busy_repository.write("app.py", b"print('half')\r\n\x00\xff")
    busy_repository.write("new/deep/login.py", "half done")
    assert _keep(busy_repository, baseline) == BRANCH
    assert _tree(busy_repository.root) == before
    assert busy_repository.run("status", "--porcelain=v2", "-z") == status
    assert os.fsencode(_blob(busy_repository, BRANCH, "app.py")) == b"print('half')\r\n\x00\xff"
    assert _blob(busy_repository, BRANCH, "new/deep/login.py") == "half done"
    assert set(busy_repository.tracked(BRANCH)) - set(busy_repository.tracked()) == {"new/deep/login.py"}


def test_the_branch_has_head_as_its_parent_and_head_stays(repository: Repository) -> None:
    baseline, head = repository.baseline(), repository.run("rev-parse", "HEAD")
    repository.write("login.py")
    _keep(repository, baseline)
    assert repository.run("rev-parse", f"{BRANCH}^") == head
    assert repository.run("rev-parse", "HEAD") == head
    assert repository.run("symbolic-ref", "HEAD") == "refs/heads/main"
    assert repository.run("log", "-1", "--format=%s", BRANCH) == "wip: unfinished work of batch-1/feature-3"


def test_the_work_comes_back_by_switching_to_the_branch(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py", "half\n", executable=True)
    (repository.root / "app.py").unlink()
    work = _tree(repository.root)
    _keep(repository, baseline)
    repository.run("switch", "--quiet", BRANCH)
    assert _tree(repository.root) == work
    repository.run("switch", "--quiet", "main")


def test_without_changes_no_branch_is_made(busy_repository: Repository) -> None:
    assert _keep(busy_repository, busy_repository.baseline()) == ""
    assert busy_repository.run("branch", "--list", "batch-implement/*") == ""


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_taken_away(repository: Repository, name: str) -> None:
    baseline, before = repository.baseline(), _tree(repository.root)
    repository.write(f"new/{name}", "new")
    repository.write(name, "new")
    _keep(repository, baseline)
    assert {name, f"new/{name}"} <= set(repository.tracked(BRANCH))
    assert _tree(repository.root) == before


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_put_back(repository: Repository, name: str) -> None:
    repository.write(name, "old")
    repository.commit()
    baseline, before = repository.baseline(), _tree(repository.root)
    repository.write(name, "new")
    _keep(repository, baseline)
    assert _tree(repository.root) == before
    (repository.root / name).unlink()
    _keep(repository, baseline)
    assert _tree(repository.root) == before
    assert name not in repository.tracked(f"{BRANCH}-2")


def test_deletions_modes_and_links_are_kept_and_undone(repository: Repository) -> None:
    repository.write("run.sh", "#!/bin/sh\n")
    (repository.root / "link").symlink_to("app.py")
    repository.commit()
    baseline, before = repository.baseline(), _tree(repository.root)
    (repository.root / "app.py").unlink()
    (repository.root / "run.sh").chmod(0o755)
    (repository.root / "link").unlink()
    (repository.root / "link").symlink_to("run.sh")
    _keep(repository, baseline)
    assert _tree(repository.root) == before
    kept = repository.tracked(BRANCH)
    assert "app.py" not in kept
    assert kept["run.sh"].startswith("100755")
    assert _blob(repository, BRANCH, "link") == "run.sh"


def test_a_file_that_became_a_folder_is_a_file_again(repository: Repository) -> None:
    baseline, before = repository.baseline(), _tree(repository.root)
    (repository.root / "app.py").unlink()
    repository.write("app.py/__init__.py", "now a package\n")
    _keep(repository, baseline)
    assert _tree(repository.root) == before
    assert _blob(repository, BRANCH, "app.py/__init__.py") == "now a package\n"[:-1]


def test_a_folder_that_became_a_file_is_a_folder_again(repository: Repository) -> None:
    repository.write("app/one.py")
    repository.write("app/deep/two.py")
    repository.commit()
    baseline, before = repository.baseline(), _tree(repository.root)
    for path in ("app/deep/two.py", "app/one.py"):
        (repository.root / path).unlink()
    (repository.root / "app/deep").rmdir()
    (repository.root / "app").rmdir()
    repository.write("app", "now a file")
    _keep(repository, baseline)
    assert _tree(repository.root) == before
    assert _blob(repository, BRANCH, "app") == "now a file"


def test_what_was_staged_is_kept_and_unstaged(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py", "staged")
    repository.run("add", "login.py")
    repository.write("login.py", "and changed again")
    repository.run("mv", "app.py", "main.py")
    _keep(repository, baseline)
    assert repository.run("status", "--porcelain") == ""
    assert _blob(repository, BRANCH, "login.py") == "and changed again"
    assert _blob(repository, BRANCH, "main.py") == "print('hello')"


def test_a_file_taken_out_of_gits_hands_stays_on_disk_as_it_is(repository: Repository) -> None:
    repository.write("settings.ini", "committed\n")
    repository.commit()
    baseline = repository.baseline()
    repository.run("rm", "--quiet", "--cached", "settings.ini")
    repository.write(".gitignore", "settings.ini\n")
    repository.write("settings.ini", "changed and in no commit\n")
    _keep(repository, baseline)
    assert (repository.root / "settings.ini").read_text() == "changed and in no commit\n"
    assert "settings.ini" not in repository.tracked(BRANCH)
    assert repository.run("ls-files", "settings.ini") == "settings.ini"


def test_folders_with_something_else_in_them_stay(repository: Repository) -> None:
    repository.write("new/__pycache__/login.pyc")
    baseline = repository.baseline()
    repository.write("new/login.py")
    _keep(repository, baseline)
    assert not (repository.root / "new/login.py").exists()
    assert (repository.root / "new/__pycache__/login.pyc").exists()


def test_leftovers_of_tools_and_the_batchs_own_files_are_left_alone(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("node_modules/left-pad/index.js")
    repository.write(".claude/batch_state.json", "{}")
    repository.write("login.py")
    _keep(repository, baseline)
    assert (repository.root / "node_modules/left-pad/index.js").exists()
    assert (repository.root / ".claude/batch_state.json").exists()
    assert set(repository.tracked(BRANCH)) - set(repository.tracked()) == {"login.py"}


def test_what_the_user_had_uncommitted_is_not_touched_even_where_the_feature_changed_it(
    busy_repository: Repository,
) -> None:
    baseline = busy_repository.baseline()
    original = (busy_repository.root / USERS_PATHS[0]).read_bytes()
    busy_repository.write(USERS_PATHS[0], b"the user's work and the feature's")
    busy_repository.write("login.py")
    before = users_work(busy_repository)
    _keep(busy_repository, baseline)
    assert users_work(busy_repository) == before
    busy_repository.write(USERS_PATHS[0], original)


def test_commits_that_were_made_stay(repository: Repository) -> None:
    baseline = repository.baseline()
    own = repository.commit("wip by the model", **{"login.py": "half\n"})
    repository.write("logout.py")
    _keep(repository, baseline)
    assert repository.run("rev-parse", "HEAD") == own
    assert (repository.root / "login.py").exists()
    assert not (repository.root / "logout.py").exists()


def test_a_taken_name_gets_a_number(repository: Repository) -> None:
    baseline = repository.baseline()
    names = []
    for number in range(3):
        repository.write("login.py", f"try {number}")
        names.append(_keep(repository, baseline))
    assert names == [BRANCH, f"{BRANCH}-2", f"{BRANCH}-3"]
    assert [_blob(repository, name, "login.py") for name in names] == ["try 0", "try 1", "try 2"]


def test_a_branch_in_the_way_of_the_name_is_said_and_the_work_stays(repository: Repository) -> None:
    repository.run("branch", "batch-implement")
    baseline = repository.baseline()
    repository.write("login.py", "half")
    with pytest.raises(GitError, match="No branch could be made"):
        _keep(repository, baseline)
    assert (repository.root / "login.py").read_text() == "half"


def test_before_the_first_commit_the_work_is_kept_too(empty_repository: Repository) -> None:
    empty_repository.write("notes.txt", "the user's")
    baseline = empty_repository.baseline()
    empty_repository.write("login.py", "half")
    assert _keep(empty_repository, baseline) == BRANCH
    assert set(empty_repository.tracked(BRANCH)) == {"login.py"}
    assert sorted(path.name for path in empty_repository.root.iterdir()) == [".git", "notes.txt"]
    assert_sound(empty_repository)


def test_in_a_linked_worktree_only_that_one_is_touched(repository: Repository, tmp_path: Path) -> None:
    repository.run("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    linked = type(repository)(tmp_path / "linked")
    baseline = linked.baseline()
    linked.write("login.py", "half")
    linked.write("app.py", "half")
    _keep(linked, baseline)
    assert linked.run("status", "--porcelain") == ""
    assert repository.run("status", "--porcelain") == ""


# --- a step fails -----------------------------------------------------------------------------------


def test_a_file_that_can_not_be_read_leaves_everything_as_it_is(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py", "half")
    objects = repository.root / ".git/objects"
    repository.write("ok.py", "half")
    repository.run("config", "core.bigFileThreshold", "1")
    hidden = objects.rename(objects.with_name("objects-away"))
    objects.write_text("in the way")
    with pytest.raises(GitError):
        _keep(repository, baseline)
    objects.unlink()
    hidden.rename(objects)
    assert (repository.root / "login.py").read_text() == "half"
    assert (repository.root / "ok.py").read_text() == "half"


def test_a_lock_that_a_dead_git_left_is_named_and_everything_is_as_it_was(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py", "half")
    (repository.root / ".git/index.lock").touch()
    with pytest.raises(GitError, match=r"index\.lock"):
        _keep(repository, baseline)
    (repository.root / ".git/index.lock").unlink()
    assert (repository.root / "login.py").read_text() == "half"
    assert repository.run("branch", "--list", "batch-implement/*") == ""


def test_when_the_tree_can_not_be_put_back_the_branch_has_it_all(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = repository.baseline()
    repository.write("app.py", "half")
    repository.write("login.py", "half")
    restore = module._restore

    def lock_then_restore(git: Git, changes: tuple[Change, ...], head: str) -> None:
        (repository.root / ".git/index.lock").touch()
        restore(git, changes, head)

    monkeypatch.setattr(module, "_restore", lock_then_restore)
    with pytest.raises(GitError):
        _keep(repository, baseline)
    (repository.root / ".git/index.lock").unlink()
    assert _blob(repository, BRANCH, "app.py") == "half"
    assert _blob(repository, BRANCH, "login.py") == "half"
    monkeypatch.setattr(module, "_restore", restore)
    assert _keep(repository, baseline) == f"{BRANCH}-2"
    assert repository.run("status", "--porcelain") == ""


def test_a_file_that_changes_meanwhile_is_left_in_the_tree(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = repository.baseline()
    repository.write("login.py", "half")
    keep = module.keep_commit

    def change_then_keep(git: object, commit: str, *, branch: str) -> str:
        repository.write("login.py", "written at that very moment")
        return keep(repository.git, commit, branch=branch)

    monkeypatch.setattr(module, "keep_commit", change_then_keep)
    with pytest.raises(GitError, match="Files changed while they were being kept"):
        _keep(repository, baseline)
    assert (repository.root / "login.py").read_text() == "written at that very moment"
    assert _blob(repository, BRANCH, "login.py") == "half"
