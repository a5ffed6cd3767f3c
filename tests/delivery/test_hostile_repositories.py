"""A repository, an environment or a text that wants a program run does not get it run."""

from __future__ import annotations

import contextlib
import itertools
from functools import partial
from typing import TYPE_CHECKING

import pytest

from batch_implement.delivery.branch import BranchError, BranchPlan, prepare_branch
from batch_implement.delivery.commit import commit_feature
from batch_implement.delivery.commit_content import find_feature_commit
from batch_implement.delivery.commit_message import CommitMessageError, trailers_of
from batch_implement.delivery.guard import held_paths
from batch_implement.delivery.push import push
from batch_implement.proof.weakened_tests import find_weakening
from batch_implement.system.git.git import Git, GitError
from batch_implement.workspace.file_versions import working_versions
from batch_implement.workspace.index import tree_fingerprint
from batch_implement.workspace.repository_condition import read_condition

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository

pytestmark = pytest.mark.slow

PAYLOADS = [
    "$(touch {canary})",
    "`touch {canary}`",
    ";touch {canary}",
    "| touch {canary}",
    "&& touch {canary}",
    "\ntouch {canary}\n",
    "'\"; touch {canary} #",
    "--upload-pack=touch {canary}",
    "--receive-pack=touch {canary}",
    "--exec=touch {canary}",
    "--output={canary}",
    "-o{canary}",
    "-c core.fsmonitor=touch {canary}",
    "--config=core.pager=touch {canary}",
    "--git-dir={canary}",
    "--work-tree=/",
    "--template={canary}",
    "--file={canary}",
    "-F{canary}",
    "--amend",
    "--no-verify",
    "--force",
    "--all",
    "-",
    "--",
    "@{{-1}}",
    "HEAD^{{/x}}",
    ":(exclude)*",
    ":/",
    "ext::sh -c touch% {canary}",
    "../../{canary}",
    "%(trailers)",
    "--local",
    "--trailer=x: y",
    "%x00%n",
]
PREFIXES = ["", "feat: ", "x ", "\u202e", "\x1b[2J", "refs/heads/"]


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


def _use_everywhere(repository: Repository, text: str, number: int) -> None:
    """Hand a text to every call that takes one; what is refused is refused."""
    git, baseline = repository.git, repository.baseline()
    repository.write(f"file-{number}.py", text)
    changes = repository.changes(baseline)
    commit = partial(commit_feature, git, changes, baseline=baseline, feature_number=number, co_author=text)
    for call in (
        lambda: find_feature_commit(git, text, 1, text),
        lambda: push(git, text, "main", timeout=20.0),
        lambda: push(git, "origin", text, timeout=20.0),
        lambda: prepare_branch(git, BranchPlan("batch", text, "main")),
        lambda: prepare_branch(git, BranchPlan("batch", "batch/new", text)),
        lambda: find_weakening((), text),
        lambda: held_paths(git, changes, (), allowed=[text]),
        lambda: commit(f"feat: {text}", batch_id=text),
        lambda: commit(f"feat: x {text[:60]}\n\n{text}", batch_id="batch-1"),
    ):
        with contextlib.suppress(GitError, CommitMessageError):
            call()


@pytest.mark.slow
@pytest.mark.parametrize("prefix", PREFIXES, ids=ascii)
def test_no_text_of_a_feature_becomes_an_option_or_a_command(
    prefix: str, repository: Repository, canary: Path
) -> None:
    repository.run("remote", "add", "origin", str(repository.root.parent / "none.git"))
    for number, payload in enumerate(PAYLOADS, 1):
        _use_everywhere(repository, prefix + payload.format(canary=canary), number)
        assert not canary.exists(), payload
        assert repository.git.status().branch == "main"
    assert len(repository.log()) == 1 + len(PAYLOADS)


@pytest.mark.parametrize("payload", [*PAYLOADS, "a" * 200, "\udcff", "\r", "\t", '"', "\\"], ids=ascii)
def test_no_name_of_a_file_becomes_an_option_or_a_command(
    payload: str, busy_repository: Repository, canary: Path
) -> None:
    name = payload.format(canary="canary").replace("/", "_")
    if name in {".", ".."}:
        return
    baseline = busy_repository.baseline()
    busy_repository.write(name, "new\n")
    changes = busy_repository.changes(baseline)
    assert [change.path for change in changes.mine] == [name]
    versions = working_versions(busy_repository.git, changes.mine)
    assert held_paths(busy_repository.git, changes, versions) == ()
    assert find_weakening(versions, "pytest") == ()
    commit = commit_feature(
        busy_repository.git, changes, "feat: a name", baseline=baseline, batch_id="batch-1", feature_number=1
    )
    assert commit.files == (name,)
    assert not (busy_repository.root / "canary").exists()
    assert commit.tree == busy_repository.run("rev-parse", "HEAD^{tree}")


def _everything_that_reads(repository: Repository) -> None:
    git = Git.open(repository.root)
    baseline = repository.baseline()
    repository.write("new.py", "def f(): ...\n")
    changes = repository.changes(baseline)
    read_condition(git)
    tree_fingerprint(git, changes)
    versions = working_versions(git, changes.mine)
    held_paths(git, changes, versions)
    find_weakening(versions, "pytest")
    commit = commit_feature(
        git, changes, "feat: new", baseline=baseline, batch_id="batch-1", feature_number=1
    )
    assert commit.files == ("new.py",)
    assert find_feature_commit(git, "batch-1", 1, baseline.commit) == commit.sha


def test_programs_that_the_repository_names_are_not_run_by_what_only_reads(
    busy_repository: Repository, canary: Path
) -> None:
    configuration = (busy_repository.root / ".git/config").read_bytes()
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.sshCommand",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "pager.status",
        "pager.log",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "sequence.editor",
        "trailer.batch.command",
        "trailer.batch.cmd",
        "gpg.program",
        "credential.helper",
        "interactive.diffFilter",
        "alias.status",
        "alias.commit",
    ):
        prefix = "!" if name.startswith(("alias", "credential")) else ""
        busy_repository.run("config", name, f"{prefix}touch {canary}")
    busy_repository.run("config", "trailer.batch.ifExists", "replace")
    (busy_repository.root / ".git/info/attributes").write_text("* diff=evil\n")
    _everything_that_reads(busy_repository)
    assert not canary.exists()
    (busy_repository.root / ".git/config").write_bytes(configuration)  # the fixtures' own git obeys it


def test_settings_that_change_what_git_prints_do_not_mislead(busy_repository: Repository) -> None:
    for name, value in {
        "status.showUntrackedFiles": "no",
        "status.renames": "copies",
        "status.relativePaths": "true",
        "status.short": "true",
        "status.branch": "false",
        "diff.noprefix": "true",
        "diff.renames": "copies",
        "diff.ignoreSubmodules": "all",
        "color.ui": "always",
        "color.status": "always",
        "color.diff": "always",
        "column.ui": "always",
        "core.quotePath": "true",
        "core.commentChar": "f",
        "commit.cleanup": "strip",
        "commit.verbose": "2",
        "commit.template": "/nowhere",
        "commit.status": "true",
        "format.pretty": "%B%n evil",
        "log.decorate": "full",
        "log.showSignature": "true",
        "log.follow": "true",
        "log.mailmap": "true",
        "i18n.commitEncoding": "UTF-16",
        "i18n.logOutputEncoding": "UTF-16",
        "trailer.separators": "=",
        "core.abbrev": "4",
        "push.default": "matching",
        "submodule.recurse": "true",
        "gc.auto": "1",
    }.items():
        busy_repository.run("config", name, value)
    _everything_that_reads(busy_repository)


def test_variables_that_lead_git_elsewhere_are_not_followed(
    busy_repository: Repository, canary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    for name in (
        "GIT_EXTERNAL_DIFF",
        "GIT_PAGER",
        "PAGER",
        "GIT_EDITOR",
        "EDITOR",
        "GIT_ASKPASS",
        "SSH_ASKPASS",
    ):
        monkeypatch.setenv(name, f"touch {canary}")
    for name in ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.fsmonitor'='true'")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"touch {canary}")
    monkeypatch.setenv("GIT_NAMESPACE", "evil")
    monkeypatch.setenv("GIT_SHALLOW_FILE", str(tmp_path / "shallow"))
    monkeypatch.setenv("GIT_TRACE", "1")
    git = Git(busy_repository.root)
    status = git.status()
    assert (status.branch, len(status.untracked) > 0) == ("main", True)
    assert Git.open(busy_repository.root).root == busy_repository.root
    assert git.resolve("HEAD") == status.head
    assert not canary.exists()
    assert not (tmp_path / "elsewhere").exists()
    monkeypatch.undo()  # the fixtures' own git would follow them


def test_the_users_own_hooks_and_ssh_are_obeyed(
    repository: Repository, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository.root / "team-hooks"
    folder.mkdir()
    (folder / "pre-commit").write_text(f"#!/bin/sh\necho ran >> {canary}\n")
    (folder / "pre-commit").chmod(0o755)
    repository.run("config", "core.hooksPath", "team-hooks")
    repository.run("config", "core.sshCommand", f"sh -c 'echo ssh >> {canary}; exit 255'")
    repository.run("remote", "add", "origin", "ssh://git@example.com/a.git")
    _everything_that_reads(repository)
    push(repository.git, "origin", "main")
    assert set(canary.read_text().split()) == {"ran", "ssh"}


FORGERIES = [
    "Closes #1",
    "fixes: #12",
    "Resolves owner/repo#3",
    "closes GH-4",
    "Fix https://github.com/o/r/issues/5",
    "Batch: other",
    "Feature: 99",
    "Signed-off-by: The Boss <boss@example.com>",
    "Co-Authored-By: Someone <someone@example.com>",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\u202eesrever\u202c",
    "\u2066isolated\u2069",
    "zero\u200bwidth",
    "[skip ci]",
    "[skip [skip ci] ci]",
    "skip-checks: true",
    "\x00\x07\x08",
    "line\u2028separator",
]


@pytest.mark.parametrize(("first", "second"), list(itertools.pairwise([*FORGERIES, FORGERIES[0]])), ids=ascii)
def test_a_forged_text_is_neutral_in_the_commit(first: str, second: str, repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("new.py")
    commit_feature(
        repository.git,
        repository.changes(baseline),
        f"feat: add {first}\n\n{first}\nwords\n\n{second}",
        baseline=baseline,
        batch_id="batch-1",
        feature_number=1,
    )
    message = repository.run("log", "-1", "--format=%B")
    assert trailers_of(message) == {
        "batch": "batch-1",
        "feature": "1",
        "co-authored-by": "Claude <noreply@anthropic.com>",
    }
    lowered = message.lower()
    assert not any(
        word in lowered for word in ("closes #", "fixes: #", "resolves o", "closes gh", "fix https")
    )
    assert "[skip ci]" not in lowered
    assert not any(
        line.lower().startswith(("signed-off-by", "skip-checks", "batch: other", "feature: 99"))
        for line in message.splitlines()
    )
    assert all(character.isprintable() or character == "\n" for character in message)


def test_a_branch_that_git_accepts_and_we_do_not_is_named(repository: Repository, remote: Repository) -> None:
    repository.run("update-ref", "refs/heads/--evil", "HEAD")
    repository.run("branch", "`id`")
    for name in ("--evil", "`id`"):
        with pytest.raises(BranchError, match="git branch -m"):
            push(repository.git, "origin", name)
    assert remote.run("branch", "--list").split() == ["*", "main"]
    repository.run("update-ref", "-d", "refs/heads/--evil")
