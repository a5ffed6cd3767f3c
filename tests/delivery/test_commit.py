"""A commit holds one feature's paths, and nothing of the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import batch_implement
from batch_implement.delivery.commit import Commit, commit_feature
from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.delivery.commit_failure import CommitRefusedError, NothingToCommitError, SigningError
from batch_implement.delivery.commit_message import CommitMessageError, trailers_of
from batch_implement.errors import GitError
from batch_implement.workspace.index import TreeChangedError, tree_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.git_repositories import Repository

    from batch_implement.workspace.baseline import Baseline

BATCH = "batch-20261121-login"


def _commit(repository: Repository, baseline: Baseline, number: int = 3, **options: Any) -> Commit:
    settings: dict[str, Any] = {"message": "feat(auth): add a login", "timeout": 60.0, **options}
    return commit_feature(
        repository.git,
        repository.changes(baseline),
        baseline=baseline,
        batch_id=BATCH,
        feature_number=number,
        **settings,
    )


def test_only_the_features_paths_are_committed(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("login.py", "def login(): ...\n")
    busy_repository.write("app.py", "import login\n")
    commit = _commit(busy_repository, baseline)
    assert commit.files == ("app.py", "login.py")
    assert commit.branch == "main"
    assert busy_repository.run("rev-parse", "HEAD") == commit.sha
    assert repository_is_clean_but_for_the_user(busy_repository)


def test_the_message_ends_with_our_trailers(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py")
    _commit(repository, baseline, message="feat(auth): add a login\n\n- with a form")
    body = repository.run("log", "-1", "--format=%B")
    assert body.startswith("feat(auth): add a login\n\n- with a form\n\n")
    assert trailers_of(body) == {
        "batch": BATCH,
        "feature": "3",
        "co-authored-by": "Claude <noreply@anthropic.com>",
    }
    assert repository.run("log", "-1", "--format=%(trailers:key=Batch,valueonly)").strip() == BATCH


def test_committing_a_feature_again_returns_the_commit_it_has(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py")
    first = _commit(repository, baseline)
    assert _commit(repository, baseline) == first
    assert len(repository.log()) == 2


def test_work_that_the_model_committed_is_marked_by_an_empty_commit(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("login.py")
    busy_repository.run("add", "login.py")
    busy_repository.run("commit", "--quiet", "--message", "wip", "--only", "login.py")
    own = busy_repository.run("rev-parse", "HEAD")
    commit = _commit(busy_repository, baseline)
    assert commit.files == ()
    assert own[:12] in busy_repository.run("log", "-1", "--format=%B")
    assert busy_repository.run("rev-parse", "HEAD^") == own


def test_without_any_change_there_is_nothing_to_commit(busy_repository: Repository) -> None:
    with pytest.raises(NothingToCommitError, match="feature 3"):
        _commit(busy_repository, busy_repository.baseline())


def test_a_message_that_is_not_conventional_is_refused_before_anything_happens(
    repository: Repository,
) -> None:
    baseline = repository.baseline()
    repository.write("login.py")
    with pytest.raises(CommitMessageError, match="type"):
        _commit(repository, baseline, message="Added login")
    assert repository.log() == ["Begin"]


@pytest.mark.parametrize("whose", ["repository", "busy_repository"])
def test_the_tree_that_was_checked_is_committed_whatever_the_user_has_staged(
    whose: str, request: pytest.FixtureRequest
) -> None:
    repository: Repository = request.getfixturevalue(whose)
    baseline = repository.baseline()
    repository.write("lib/login.py")
    repository.write("app.py", "import login\n")
    checked = tree_fingerprint(repository.git, repository.changes(baseline))
    commit = _commit(repository, baseline, tree=checked)
    assert (commit.tree, commit.files) == (checked, ("app.py", "lib/login.py"))
    assert repository_is_clean_but_for_the_user(repository)


@pytest.mark.parametrize(
    "change",
    [
        lambda repository: repository.write("login.py", "changed\n"),
        lambda repository: repository.write("new.py"),
        lambda repository: (repository.root / "login.py").unlink(),
        lambda repository: (repository.root / "login.py").chmod(0o755),
    ],
)
def test_a_tree_that_changed_after_the_check_is_not_committed_and_nothing_is_written(
    change: Callable[[Repository], object], busy_repository: Repository
) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("login.py", "checked\n")
    busy_repository.write("app.py", "checked\n")
    checked = tree_fingerprint(busy_repository.git, busy_repository.changes(baseline))
    change(busy_repository)
    head, index = busy_repository.run("rev-parse", "HEAD"), (busy_repository.root / ".git/index").read_bytes()
    objects = busy_repository.run("count-objects")
    with pytest.raises(TreeChangedError, match="after they were checked"):
        _commit(busy_repository, baseline, tree=checked)
    assert busy_repository.run("rev-parse", "HEAD") == head
    assert (busy_repository.root / ".git/index").read_bytes() == index
    assert busy_repository.run("count-objects") == objects


def test_a_commit_that_came_in_the_same_moment_is_not_undone(repository: Repository, tmp_path: Path) -> None:
    """A filter stands for somebody who commits while our index is made: it runs when files are staged."""
    theirs = repository.commit("theirs", **{"theirs.py": "theirs\n"})
    repository.run("reset", "--quiet", "--hard", "HEAD^")
    runs = tmp_path / "runs"
    repository.run(
        "config",
        "filter.late.clean",
        f"echo >> {runs}; [ $(wc -l < {runs}) -ne 3 ] || git update-ref HEAD {theirs} || exit 1; cat",
    )
    repository.write(".git/info/attributes", "login.py filter=late\n")
    baseline = repository.baseline()
    repository.write("login.py")
    checked = tree_fingerprint(repository.git, repository.changes(baseline))
    commit = _commit(repository, baseline, tree=checked)
    assert repository.run("rev-parse", "HEAD") == commit.sha
    assert repository.run("rev-parse", "HEAD^") == theirs
    assert "taken back" in repository.run("reflog")
    assert commit.files == ("login.py",)
    assert {"theirs.py", "login.py"} <= repository.tracked().keys()


def test_a_commit_that_a_power_loss_took_is_not_found_and_is_made_anew(
    repository: Repository,
) -> None:
    baseline = repository.baseline()
    repository.write("login.py")
    sha = _commit(repository, baseline).sha
    assert find_feature_commit(repository.git, BATCH, 3, baseline.commit) == sha
    repository.run("reset", "--quiet", "--soft", baseline.commit)
    (repository.root / ".git/objects" / sha[:2] / sha[2:]).unlink()
    repository.run("reflog", "expire", "--expire=now", "--all")
    assert find_feature_commit(repository.git, BATCH, 3, baseline.commit) is None
    assert _commit(repository, baseline).files == ("login.py",)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what is synced")
@pytest.mark.parametrize("added_before", [False, True], ids=["new", "added by the model before"])
@pytest.mark.parametrize("proven", ["''", "tree_fingerprint(git, changes)"], ids=["as it is", "proven"])
def test_every_object_and_the_branch_are_synced_when_a_commit_is_said_to_be_made(
    proven: str, added_before: bool, repository: Repository, tmp_path: Path
) -> None:
    baseline = repository.baseline()
    repository.write("lib/login.py")
    if added_before:
        repository.run("add", "lib")
    program = (
        "import sys; from pathlib import Path; from batch_implement.system.git.git import Git;"
        "from batch_implement.workspace.baseline import Baseline;"
        "from batch_implement.delivery.commit import commit_feature;"
        "from batch_implement.workspace.changes import changes_since;"
        "from batch_implement.workspace.index import tree_fingerprint;"
        f"git = Git(Path({str(repository.root)!r})); base = Baseline({baseline.commit!r}, 'main');"
        "changes = changes_since(git, base);"
        f"tree = {proven};"
        "commit_feature(git, changes, 'feat: x', baseline=base, batch_id='b', feature_number=1, tree=tree)"
    )
    trace = tmp_path / "trace"
    library = Path(batch_implement.__file__).parent.parent
    subprocess.run(
        [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-y",
            "-e",
            "trace=fsync,rename",
            "-o",
            str(trace),
            sys.executable,
            "-c",
            program,
        ],
        check=True,
        env={**os.environ, "PYTHONPATH": str(library)},
    )
    lines = trace.read_text().splitlines()
    objects = repository.run("rev-list", "--objects", "--no-object-names", "HEAD", "^HEAD^").split()
    assert len(objects) == 4
    for name in objects:
        path = f"{name[:2]}/{name[2:]}"
        synced = any("fsync(" in line and path in line for line in lines)
        assert synced, path
    assert any("fsync(" in line and "refs/heads/main.lock" in line for line in lines)


def test_another_feature_or_batch_is_not_taken_for_this_one(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("login.py")
    _commit(repository, baseline, number=31)
    repository.commit("feat: claim\n\nBatch: " + BATCH + "\nFeature: 3\n\nbut not in the last paragraph")
    assert find_feature_commit(repository.git, BATCH, 3) is None
    assert find_feature_commit(repository.git, "another", 31) is None


def test_before_the_first_commit_a_feature_is_the_first(empty_repository: Repository) -> None:
    empty_repository.write("users.txt", "the user's")
    baseline = empty_repository.baseline()
    empty_repository.write("login.py")
    commit = _commit(empty_repository, baseline)
    assert commit.files == ("login.py",)
    assert empty_repository.run("rev-list", "--count", "HEAD") == "1"


# --- hooks


def test_a_hook_that_reformats_and_refuses_is_followed_by_one_more_try(busy_repository: Repository) -> None:
    busy_repository.hook(
        "pre-commit", "grep -q formatted login.py && exit 0; echo formatted >> login.py; exit 1"
    )
    baseline = busy_repository.baseline()
    busy_repository.write("login.py", "raw\n")
    commit = _commit(busy_repository, baseline)
    assert commit.files == ("login.py",)
    assert busy_repository.run("show", "HEAD:login.py") == "raw\nformatted"


def test_a_hook_that_reformats_for_ever_is_a_refusal(repository: Repository) -> None:
    repository.hook("pre-commit", "echo more >> login.py; echo reformatted login.py; exit 1")
    baseline = repository.baseline()
    repository.write("login.py", "raw\n")
    with pytest.raises(CommitRefusedError, match="reformatted") as refused:
        _commit(repository, baseline)
    assert refused.value.rewritten


def test_a_hook_that_reformats_and_stages_leaves_index_and_commit_in_step(
    busy_repository: Repository,
) -> None:
    busy_repository.hook("pre-commit", "echo formatted >> login.py; git add login.py")
    baseline = busy_repository.baseline()
    busy_repository.write("login.py", "raw\n")
    checked = tree_fingerprint(busy_repository.git, busy_repository.changes(baseline))
    commit = _commit(busy_repository, baseline)
    assert commit.tree != checked
    assert busy_repository.run("show", "HEAD:login.py") == "raw\nformatted"
    assert repository_is_clean_but_for_the_user(busy_repository)


def test_a_file_that_a_hook_adds_is_named(repository: Repository) -> None:
    repository.hook("pre-commit", "echo entry > CHANGES; git add CHANGES")
    baseline = repository.baseline()
    repository.write("login.py")
    commit = _commit(repository, baseline)
    assert commit.files == ("CHANGES", "login.py")
    assert repository.run("status", "--porcelain") == ""


@pytest.mark.parametrize("hook", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_refuses_is_named_with_its_output(hook: str, busy_repository: Repository) -> None:
    busy_repository.hook(hook, "echo 'fatal: line 3 is too long' >&2; exit 7")
    baseline = busy_repository.baseline()
    busy_repository.write("login.py")
    with pytest.raises(CommitRefusedError, match="line 3 is too long") as refused:
        _commit(busy_repository, baseline)
    assert (refused.value.hook, refused.value.rewritten) == (hook, False)
    assert busy_repository.log() == ["Begin"]
    busy_repository.hook(hook, "exit 0")
    assert _commit(busy_repository, baseline).files == ("login.py",)


def test_a_hook_that_cannot_be_executed_does_not_stop_the_commit(repository: Repository) -> None:
    repository.hook("pre-commit", "exit 1")
    (repository.root / ".git/hooks/pre-commit").chmod(0o644)
    baseline = repository.baseline()
    repository.write("login.py")
    assert _commit(repository, baseline).files == ("login.py",)


def test_signing_without_the_key_is_a_named_failure(busy_repository: Repository, tmp_path: Path) -> None:
    gpg = tmp_path / "gpg"
    gpg.write_text("#!/bin/sh\necho 'gpg: signing failed: Inappropriate ioctl for device' >&2\nexit 2\n")
    gpg.chmod(0o755)
    busy_repository.run("config", "commit.gpgSign", "true")
    busy_repository.run("config", "gpg.program", str(gpg))
    baseline = busy_repository.baseline()
    busy_repository.write("login.py")
    with pytest.raises(SigningError, match="Unlock the key"):
        _commit(busy_repository, baseline)
    assert busy_repository.log() == ["Begin"]


def test_a_commit_on_another_branch_than_the_feature_began_on_is_refused(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.run("switch", "--quiet", "--create", "elsewhere")
    repository.write("login.py")
    with pytest.raises(GitError, match="git switch main"):
        _commit(repository, baseline)


def repository_is_clean_but_for_the_user(repository: Repository) -> bool:
    status = repository.git.status()
    paths = [entry.path for entry in status.entries] + list(status.untracked)
    return all(path.startswith("users/") for path in paths)
