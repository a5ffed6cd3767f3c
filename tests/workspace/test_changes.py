"""Whose change is it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.git_repositories import USERS_PATHS

from batch_implement.model.attempt import Baseline as Record
from batch_implement.model.record import from_json, to_json
from batch_implement.workspace.baseline import from_portable_path, from_record, portable_path, to_record
from batch_implement.workspace.change_set import Change, ChangeSet
from batch_implement.workspace.changes import changes_since, name_paths, refusal_to_start, take_baseline
from batch_implement.workspace.index import tree_fingerprint

if TYPE_CHECKING:
    from tests.git_repositories import Repository


def _paths(changes: tuple[Change, ...]) -> list[str]:
    return [change.path for change in changes]


def test_what_was_there_before_is_the_users(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    assert set(baseline.users) == set(USERS_PATHS)
    busy_repository.write("app.py", "changed\n")
    changes = busy_repository.changes(baseline)
    assert _paths(changes.mine) == ["app.py"]
    assert set(_paths(changes.users)) == set(USERS_PATHS)
    assert changes.touched_users == ()


@pytest.mark.parametrize("path", USERS_PATHS[:3] + USERS_PATHS[6:8])
def test_a_users_file_that_the_feature_changed_too_cannot_be_told_apart(
    path: str, repository: Repository
) -> None:
    repository.write(path, "the user's\n")
    baseline = repository.baseline()
    repository.write(path, "the feature's\n")
    changes = repository.changes(baseline)
    assert (_paths(changes.mine), _paths(changes.touched_users)) == ([], [path])


def test_a_users_change_that_the_feature_undid_is_reported_as_lost(repository: Repository) -> None:
    repository.write("app.py", "the user's\n")
    repository.write("draft.txt", "the user's\n")
    baseline = repository.baseline()
    repository.run("checkout", "--quiet", "--", "app.py")
    (repository.root / "draft.txt").unlink()
    assert repository.changes(baseline).touched_users == (
        Change("app.py", "modified"),
        Change("draft.txt", "deleted"),
    )


def test_a_users_change_that_the_model_committed_is_reported(repository: Repository) -> None:
    repository.write("app.py", "the user's\n")
    baseline = repository.baseline()
    sha = repository.commit("wip", **{"new.py": "1\n"})
    changes = repository.changes(baseline)
    assert changes.commits == (sha,)
    before = repository.run("rev-parse", f"{baseline.commit}:app.py")
    assert changes.touched_users == (Change("app.py", "modified", pending=False, before=before),)
    assert changes.mine == (Change("new.py", "added", pending=False),)


def test_a_users_mode_change_or_link_is_content_too(repository: Repository) -> None:
    repository.write("tool", "x\n", executable=True)
    (repository.root / "link").symlink_to("tool")
    baseline = repository.baseline()
    (repository.root / "tool").chmod(0o644)
    (repository.root / "link").unlink()
    (repository.root / "link").symlink_to("app.py")
    assert _paths(repository.changes(baseline).touched_users) == ["link", "tool"]


@pytest.mark.parametrize(
    "path",
    [
        "__pycache__/a.cpython-311.pyc",
        "src/__pycache__/a.pyc",
        ".pytest_cache/v/cache",
        "web/node_modules/left-pad/index.js",
        ".coverage",
        ".coverage.host.123.456",
        ".mypy_cache/3.11/a.json",
        "pkg.egg-info/PKG-INFO",
        ".DS_Store",
        "src/.DS_Store",
        ".claude/batch_state.json",
        ".claude/batch_state.json.lock",
        ".claude/batches/batch-1.jsonl",
        ".claude/audit/batch-1_retry_audit.jsonl",
        ".claude/batch_batch-1_retry_state.json",
    ],
)
def test_a_leftover_is_left_out(path: str, repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write(path)
    changes = repository.changes(baseline)
    assert (_paths(changes.left_out), changes.mine) == ([path], ())


@pytest.mark.parametrize(
    "path",
    [
        "src/cache.py",
        "build/app.js",
        "coverage.py",
        ".claude/settings.json",
        ".claude/batch_notes.md",
        ".env",
    ],
)
def test_an_ordinary_file_is_the_features(path: str, repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write(path)
    assert _paths(repository.changes(baseline).mine) == [path]


def test_a_folder_that_says_it_is_a_cache_or_an_environment_is_left_out(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# made by cargo\n")
    repository.write("target/debug/app")
    repository.write("env/pyvenv.cfg", "home = /usr\n")
    repository.write("env/bin/python")
    repository.write("other/CACHEDIR.TAG", "not the signature\n")
    changes = repository.changes(baseline)
    assert _paths(changes.mine) == ["other/CACHEDIR.TAG"]
    assert len(changes.left_out) == 4


def test_what_the_check_writes_is_left_out_by_name_or_path(repository: Repository) -> None:
    baseline = repository.baseline()
    for path in ("report.xml", "out/a.txt", "deep/out/b.txt", "kept/a.txt", "deep/report.xml"):
        repository.write(path)
    changes = changes_since(repository.git, baseline, generated=["report.xml", "out", "kept/b.txt"])
    assert _paths(changes.mine) == ["kept/a.txt"]


def test_a_tracked_file_is_never_a_leftover(repository: Repository) -> None:
    repository.write("node_modules/own.js", "1\n")
    repository.run("add", "--force", "node_modules")
    repository.commit("feat: vendored")
    baseline = repository.baseline()
    repository.write("node_modules/own.js", "2\n")
    assert _paths(repository.changes(baseline).mine) == ["node_modules/own.js"]


def test_the_features_file_may_change_while_the_batch_runs(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("features.txt", "one\n")
    changes = changes_since(repository.git, baseline, features_files=["features.txt"])
    assert (changes.mine, _paths(changes.left_out)) == ((), ["features.txt"])


def test_a_history_that_was_rewritten_is_compared_by_what_is_there(repository: Repository) -> None:
    repository.commit("feat: one", **{"one.py": "1\n", "two.py": "2\n"})
    baseline = repository.baseline()
    repository.write("one.py", "otherwise\n")
    repository.run("commit", "--quiet", "--all", "--amend", "--message", "feat: amended")
    changes = repository.changes(baseline)
    assert _paths(changes.mine) == ["one.py"]
    assert changes.commits == (changes.head,)


def test_before_the_first_commit_everything_since_is_the_features(empty_repository: Repository) -> None:
    empty_repository.write("users.txt", "the user's\n")
    baseline = empty_repository.baseline()
    assert (baseline.commit, baseline.branch, list(baseline.users)) == ("", "main", ["users.txt"])
    empty_repository.write("new.py", "1\n")
    assert _paths(empty_repository.changes(baseline).mine) == ["new.py"]
    empty_repository.run("add", "new.py")
    empty_repository.run("commit", "--quiet", "--message", "wip")
    assert empty_repository.changes(baseline).mine == (Change("new.py", "added", pending=False),)


def test_nothing_changed_is_an_empty_set(busy_repository: Repository) -> None:
    changes = busy_repository.changes(busy_repository.baseline())
    assert (changes.mine, changes.commits, changes.pending) == ((), (), ())


# --- starting


def test_changes_of_tracked_files_refuse_the_start_and_say_how_to_go_on(busy_repository: Repository) -> None:
    status = busy_repository.git.status()
    refusal = refusal_to_start(status, keep_dirty=False)
    assert refusal is not None
    assert all(word in refusal for word in ("users/modified.txt", "stash", "--keep-dirty"))
    assert refusal_to_start(status, keep_dirty=True) is None


def test_untracked_files_and_the_features_file_are_no_obstacle(repository: Repository) -> None:
    repository.commit(**{"features.txt": "one\n"})
    repository.write("features.txt", "one\ntwo\n")
    repository.write("draft.txt")
    assert (
        refusal_to_start(repository.git.status(), keep_dirty=False, features_files=["features.txt"]) is None
    )


def test_a_conflict_refuses_the_start_in_any_case(repository: Repository) -> None:
    repository.run("switch", "--quiet", "--create", "side")
    repository.commit("theirs", **{"app.py": "theirs\n"})
    repository.run("switch", "--quiet", "main")
    repository.commit("ours", **{"app.py": "ours\n"})
    repository.run("merge", "side", check=False)
    refusal = refusal_to_start(repository.git.status(), keep_dirty=True)
    assert refusal is not None
    assert "app.py" in refusal


def test_many_or_strange_names_are_one_readable_line() -> None:
    assert name_paths(["a\nb", *map(str, range(10))]) == "a\\nb, 0, 1, 2, 3, 4, 5, 6 and 3 more"


# --- what is kept in the state


def test_a_baseline_survives_json_with_any_name(busy_repository: Repository) -> None:
    baseline = take_baseline(busy_repository.git)
    text = json.dumps(to_json(to_record(baseline)))
    text.encode("ascii")
    assert from_record(from_json(Record, json.loads(text))) == baseline


@given(st.binary(max_size=40))
def test_any_name_comes_back_from_valid_text(name: bytes) -> None:
    path = name.decode("utf-8", "surrogateescape")
    portable_path(path).encode("utf-8")
    assert from_portable_path(portable_path(path)) == path


# --- what was checked


def test_the_fingerprint_changes_with_content_and_comes_back_with_it(busy_repository: Repository) -> None:
    def fingerprint(changes: ChangeSet) -> str:
        return tree_fingerprint(busy_repository.git, changes)

    baseline = busy_repository.baseline()
    begun = fingerprint(busy_repository.changes(baseline))
    busy_repository.write("new.py", "1\n")
    first = fingerprint(busy_repository.changes(baseline))
    busy_repository.write("new.py", "2\n")
    second = fingerprint(busy_repository.changes(baseline))
    busy_repository.write("new.py", "1\n")
    assert fingerprint(busy_repository.changes(baseline)) == first
    assert len({begun, first, second}) == 3
    assert begun == busy_repository.run("rev-parse", "HEAD^{tree}")


def test_the_fingerprint_writes_nothing_into_the_repository(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("new.py", "1\n")
    folder = busy_repository.root / ".git"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    tree_fingerprint(busy_repository.git, busy_repository.changes(baseline))
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_the_fingerprint_works_below_a_folder_with_a_colon(repository: Repository) -> None:
    linked = repository.root.parent / "a:b"
    repository.root.rename(linked)
    try:
        moved = type(repository)(linked)
        baseline = moved.baseline()
        moved.write("new.py")
        assert tree_fingerprint(moved.git, moved.changes(baseline))
    finally:
        linked.rename(repository.root)
