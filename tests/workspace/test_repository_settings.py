"""What a feature changes in the repository's own settings is seen, and no password is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.workspace.repository_settings import changed_settings, take_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("core.hooksPath", "/dev/null", "hooks"),
        ("core.sshCommand", "sh evil", "program"),
        ("gpg.program", "true", "program"),
        ("commit.gpgSign", "false", "program"),
        ("credential.https://example.com.helper", "!evil", "program"),
        ("remote.origin.url", "https://evil.example/a.git", "remote"),
        ("remote.origin.pushurl", "ext::evil", "remote"),
        ("url.https://evil.example/.insteadOf", "https://github.com/", "remote"),
        ("filter.x.clean", "evil", "program"),
        ("include.path", "../evil", "program"),
    ],
)
def test_a_setting_that_a_feature_changed_is_named(
    name: str, value: str, kind: str, repository: Repository
) -> None:
    before = take_settings(repository.git)
    repository.run("config", name, value)
    (change,) = changed_settings(repository.git, before)
    assert (change.name.lower(), change.kind, change.now) == (name.lower(), kind, value)
    assert "was changed during the feature" in change.sentence


def test_what_was_set_before_and_what_is_harmless_is_the_users_choice(repository: Repository) -> None:
    repository.run("config", "core.sshCommand", "ssh -i key")
    repository.hook("pre-commit", "exit 0")
    before = take_settings(repository.git)
    repository.run("config", "branch.main.remote", "origin")
    repository.run("config", "core.pager", "less")
    repository.hook("commit-msg", "exit 0")
    assert changed_settings(repository.git, before) == ()


def test_a_hook_that_was_emptied_removed_or_disabled_is_named(repository: Repository) -> None:
    for name in ("pre-commit", "pre-push", "commit-msg"):
        repository.hook(name, "check")
    before = take_settings(repository.git)
    repository.hook("pre-commit", "exit 0")
    (repository.root / ".git/hooks/pre-push").unlink()
    (repository.root / ".git/hooks/commit-msg").chmod(0o644)
    assert [
        (change.name, change.kind, change.now) for change in changed_settings(repository.git, before)
    ] == [
        ("hook commit-msg", "hooks", ""),
        ("hook pre-commit", "hooks", "another program"),
        ("hook pre-push", "hooks", ""),
    ]


def test_a_password_in_an_address_is_neither_kept_nor_shown(repository: Repository) -> None:
    repository.run("remote", "add", "origin", "https://me:s3cret@example.com/a.git")
    before = take_settings(repository.git)
    assert "s3cret" not in str(before)
    repository.run("remote", "set-url", "origin", "https://me:s3cret@example.com/b.git")
    (change,) = changed_settings(repository.git, before)
    assert "s3cret" not in change.sentence
    assert "example.com/b.git" in change.sentence


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_a_file_that_is_hidden_from_git_is_named(flag: str, repository: Repository) -> None:
    repository.commit(**{"check.sh": "run tests\n", "elsewhere.txt": ""})
    repository.run("update-index", "--skip-worktree", "elsewhere.txt")
    (repository.root / "elsewhere.txt").unlink()  # as a sparse checkout leaves it
    before = take_settings(repository.git)
    repository.run("update-index", f"--{flag}", "check.sh")
    (change,) = changed_settings(repository.git, before)
    assert (change.name, change.now) == ("files hidden from git status", "check.sh")


@pytest.mark.parametrize("folder", ["team-hooks", "{root}/team-hooks", "~/team-hooks"])
def test_hooks_are_watched_where_the_user_keeps_them(
    folder: str, repository: Repository, git_home: Path
) -> None:
    repository.run("config", "--global", "core.hooksPath", folder.format(root=repository.root))
    hook = (git_home if folder[0] == "~" else repository.root) / "team-hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    before = take_settings(repository.git)
    hook.unlink()
    assert [change.name for change in changed_settings(repository.git, before)] == ["hook pre-commit"]


def test_a_setting_for_one_working_tree_is_the_repositorys_too(repository: Repository) -> None:
    repository.run("config", "extensions.worktreeConfig", "true")
    before = take_settings(repository.git)
    repository.run("config", "--worktree", "remote.origin.pushurl", "https://elsewhere.example")
    (change,) = changed_settings(repository.git, before)
    assert (change.name, change.kind) == ("remote.origin.pushurl", "remote")
