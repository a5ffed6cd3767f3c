"""Which repository a project belongs to, by its remotes alone."""

from __future__ import annotations

import pytest

from batch_implement.system.github.repository import (
    Remote,
    Repository,
    choose_repository,
    parse_remote_url,
    ssh_host_of,
)

APP = Repository("github.com", "octo", "app")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/octo/app",
        "https://github.com/octo/app.git",
        "https://github.com/octo/app.git/",
        "https://user:secret@github.com/octo/app.git",
        "https://www.github.com/octo/app",
        "http://github.com/octo/app",
        "git://github.com/octo/app.git",
        "ssh://git@github.com/octo/app.git",
        "ssh://git@ssh.github.com:443/octo/app.git",
        "git@github.com:octo/app.git",
        "git@github.com:/octo/app.git",
        "github.com:octo/app",
        "git@GitHub.com:octo/app.git",
    ],
)
def test_every_way_to_write_a_remote_is_understood(url: str) -> None:
    assert parse_remote_url(url) == APP


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/srv/git/app.git",
        "../app",
        "file:///srv/git/octo/app.git",
        "https://github.com/octo",
        "https://github.com/octo/app/tree/main",
        "https://github.com/octo/..",
        "https://github.com/-x/{owner}",
        "https://[/octo/app",
        "ext::sh -c touch% canary",
        "git@github.com:octo/app\n",
        "a" * 100_000,
        "a@" * 50_000 + ":x/y",
    ],
)
def test_what_names_no_repository_is_none(url: str) -> None:
    assert parse_remote_url(url) is None


def _remotes(**urls: str) -> list[Remote]:
    return [Remote(name, url) for name, url in urls.items()]


def test_upstream_is_preferred_as_gh_prefers_it() -> None:
    remotes = _remotes(origin="git@github.com:fork/app", upstream="git@github.com:octo/app")
    assert choose_repository(remotes) == APP


def test_what_was_chosen_with_set_default_comes_first() -> None:
    fork = Remote("origin", "git@github.com:fork/app", "base")
    assert choose_repository([Remote("upstream", "git@github.com:octo/app"), fork]) == Repository(
        "github.com", "fork", "app"
    )
    named = Remote("origin", "git@github.com:fork/app", "octo/app")
    assert choose_repository([named]) == APP


def test_a_mirror_elsewhere_gives_way_to_github() -> None:
    assert (
        choose_repository(_remotes(upstream="git@gitlab.com:octo/app", zeta="git@github.com:octo/app")) == APP
    )


def test_only_remotes_on_the_host_of_the_environment_count() -> None:
    remotes = _remotes(origin="git@github.com:octo/app", work="git@git.example.com:team/app")
    assert choose_repository(remotes, "git.example.com") == Repository("git.example.com", "team", "app")
    assert choose_repository(remotes, "other.example.com") is None


def test_the_host_behind_a_name_of_ssh_is_taken() -> None:
    assert choose_repository([Remote("origin", "git@git:octo/app.git", host="ssh.github.com")]) == APP


def test_names_are_compared_as_github_does() -> None:
    assert APP.is_named("Octo/APP")
    assert not APP.is_named("octo/app2")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("git@work:octo/app.git", "work"),
        ("ssh://git@work/octo/app.git", "work"),
        ("https://work/octo/app", ""),
        ("/srv/app", ""),
    ],
)
def test_the_name_of_an_ssh_host_is_found(url: str, host: str) -> None:
    assert ssh_host_of(url) == host
