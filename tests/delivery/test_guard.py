"""What must not get into a commit is held, with the way to allow it and without showing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.delivery.guard import HeldPath, held_paths
from batch_implement.system.text.secrets import secret_file, secret_in
from batch_implement.workspace.file_versions import working_versions

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.git_repositories import Repository

    from batch_implement.workspace.baseline import Baseline

# Written in two parts, so that no scanner takes this file for a leak.
SECRETS = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "an AWS access key": "AKIA" + "Q3EGRZ7WLNPT5XVB",
    "a GitHub token": "ghp_" + "a8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYpUiE",
    "a GitLab token": "glpat-" + "a8F3kLm9Qw2Zx7Cv5Bn1",
    "a Slack token": "xoxb-" + "2847593016-2847593016382-a8F3kLm9Qw2Z",
    "an Anthropic key": "sk-ant-" + "api03-a8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYpUiE",
    "an OpenAI key": "sk-proj-" + "a8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYpUiEa8F3",
    "a Stripe key": "sk_live_" + "a8F3kLm9Qw2Zx7Cv5Bn1Mj4H",
    "a Google key": "AIza" + "SyA8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYp",
    "an npm token": "npm_" + "a8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYpUiE",
    "a Hugging Face token": "hf_" + "a8F3kLm9Qw2Zx7Cv5Bn1Mj4Hg6Td0RsYpU",
    "an address with a password": "postgres://app:" + "k9Lm2Qw8Zx4C@db.prod.acme.io/app",
    "a password or key in an assignment": 'API_KEY = "' + 'a8F3kLm9Qw2Zx7Cv5Bn1Mj4H"',
}


def _held(repository: Repository, baseline: Baseline, allowed: Collection[str] = ()) -> tuple[HeldPath, ...]:
    changes = repository.changes(baseline)
    versions = working_versions(repository.git, changes.mine)
    return held_paths(repository.git, changes, versions, size_limit=100_000, allowed=allowed)


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_in_an_added_line_is_held_and_not_shown(kind: str, repository: Repository) -> None:
    secret = SECRETS[kind]
    baseline = repository.baseline()
    repository.write("config.py", f"import os\nvalue = {secret}\n")
    (held,) = _held(repository, baseline)
    assert held.path == "config.py"
    assert f"line 2 looks like {kind}" in held.reason
    assert "--allow 'config.py'" in held.how_to_allow
    assert secret not in f"{held.reason} {held.how_to_allow}"
    assert _held(repository, baseline, allowed=["config.py"]) == ()
    assert _held(repository, baseline, allowed=["*.py"]) == ()


@pytest.mark.parametrize(
    "line",
    [
        'password = "change-me-please-1234"',
        'API_KEY = "your-api-key-goes-here-1"',
        'api_key = os.environ["API_KEY"]',
        "postgres://user:password@localhost:5432/db1",
        "postgres://app:k9Lm2Qw8Zx4C@localhost/app",
        "https://user:${TOKEN_1234567}@github.com/a",
        "AKIAIOSFODNN7EXAMPLE",
        "sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "the ghp_ prefix marks a token",
        'secret_key: "<the key of your account 1>"',
        "token = token_for(user, password=password)",
    ],
)
def test_an_ordinary_line_is_no_secret(line: str) -> None:
    assert secret_in(line.encode()) is None


def test_in_tests_only_unmistakable_tokens_are_held(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("tests/test_login.py", SECRETS["a password or key in an assignment"])
    repository.write("tests/test_token.py", SECRETS["a GitHub token"])
    assert [held.path for held in _held(repository, baseline)] == ["tests/test_token.py"]


def test_a_secret_that_was_there_before_is_not_the_features(repository: Repository) -> None:
    secret = SECRETS["a GitHub token"]
    repository.commit("Begin", **{"config.py": f"token = '{secret}'\n"})
    baseline = repository.baseline()
    repository.write("config.py", f"# moved down\n\ntoken = '{secret}'\n")
    assert _held(repository, baseline) == ()


def test_a_secret_that_the_model_committed_and_took_away_again_is_held(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.commit("wip", **{"config.py": f"token = '{SECRETS['a GitHub token']}'\n"})
    repository.commit("wip", **{"config.py": "token = None\n"})
    assert [held.path for held in _held(repository, baseline)] == ["config.py"]


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        (".env", True),
        ("app/.env.production", True),
        ("prod.env", True),
        ("id_rsa", True),
        ("certs/server.p12", True),
        (".netrc", True),
        (".env.example", False),
        (".env.sample", False),
        ("example.env", False),
        ("environment.py", False),
        ("src/env.ts", False),
        ("id_rsa.pub", False),
        ("vite-env.d.ts", False),
    ],
)
def test_a_name_that_is_used_for_secrets_is_known(name: str, secret: bool, repository: Repository) -> None:
    assert secret_file(name) is secret
    baseline = repository.baseline()
    repository.write(name, "x\n")
    assert [held.path for held in _held(repository, baseline)] == ([name] if secret else [])


def test_a_tracked_env_file_may_be_changed(repository: Repository) -> None:
    repository.commit("Begin", **{".env": "A=1\n"})
    baseline = repository.baseline()
    repository.write(".env", "A=2\n")
    assert _held(repository, baseline) == ()


def test_a_big_file_is_held_unless_a_filter_keeps_it_out(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write("video.bin", b"\0" * 100_001)
    repository.write("small.bin", b"\0" * 100_000)
    (held,) = _held(repository, baseline)
    assert (held.path, held.reason) == ("video.bin", "is 100,001 bytes, more than 100,000")
    repository.write(".gitattributes", "*.bin filter=lfs\n")
    assert _held(repository, baseline) == ()


def test_the_batchs_own_state_is_held_when_it_was_committed(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.write(".claude/batch_state.json", "{}")
    assert _held(repository, baseline) == ()
    repository.commit("wip")
    (held,) = _held(repository, baseline)
    assert held.path == ".claude/batch_state.json"
    assert "git rm --cached" in held.how_to_allow


def test_a_clone_and_a_changed_submodule_are_held(repository: Repository) -> None:
    baseline = repository.baseline()
    repository.run("init", "--quiet", "cloned")
    (held,) = _held(repository, baseline)
    assert (held.path, held.reason) == ("cloned/", "is a git repository of its own")


def test_deletions_links_and_ordinary_changes_pass(busy_repository: Repository) -> None:
    baseline = busy_repository.baseline()
    busy_repository.write("new.py", "def f(): ...\n")
    (busy_repository.root / "app.py").unlink()
    (busy_repository.root / "key").symlink_to("/etc/passwd")
    assert _held(busy_repository, baseline) == ()
