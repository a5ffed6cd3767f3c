"""Which repository on GitHub a project belongs to, by its git remotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_SCP_LIKE = re.compile(r"(?:[^@/:]{1,100}@)?([A-Za-z0-9.-]{1,253}):(?!//)([^:]{1,300})")
# The order in which gh takes remotes when none was chosen with `gh repo set-default`.
_PREFERENCE = {"upstream": 0, "github": 1, "origin": 2}


@dataclass(frozen=True)
class Repository:
    """A repository by its name: ``github.com``, ``octo``, ``app``."""

    host: str
    owner: str
    name: str

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def is_named(self, full_name: str) -> bool:
        """Whether ``owner/name`` is this one; GitHub ignores case there."""
        return self.full_name.casefold() == full_name.casefold()


@dataclass(frozen=True)
class Remote:
    """A git remote; ``resolved`` is what ``gh repo set-default`` wrote: ``base`` or ``owner/name``.

    ``host`` is the real host where the address holds a name that only SSH knows, else ``""``.
    """

    name: str
    url: str
    resolved: str = ""
    host: str = ""


def parse_remote_url(url: str) -> Repository | None:
    """The repository a remote's address means; None for a folder and for anything not ``owner/name``."""
    scheme, host, path = _address(url)
    return _repository(host, path) if scheme in {"https", "http", "ssh", "git", "git+ssh"} else None


def ssh_host_of(url: str) -> str:
    """The host of an SSH address as it stands there, which may be a name of ``~/.ssh/config``."""
    scheme, host, _ = _address(url)
    return host if scheme == "ssh" and parse_remote_url(url) else ""


def _address(url: str) -> tuple[str, str, str]:
    """Scheme, host and path; git's short form for SSH, ``host:path``, is SSH too."""
    if short := _SCP_LIKE.fullmatch(url):
        return "ssh", short[1], short[2]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", ""
    return parts.scheme, parts.hostname or "", parts.path


def choose_repository(remotes: Iterable[Remote], gh_host: str = "") -> Repository | None:
    """The repository that gh would take, unattended, in this project.

    ``gh_host`` is the ``GH_HOST`` of the environment: with it only remotes on that host count. Without
    it a remote on github.com or ghe.com is preferred to one on a host we don't know.
    """
    found: list[tuple[tuple[int, int, int, str], Repository]] = []
    for remote in remotes:
        repository = _of_remote(remote)
        if repository is None or (gh_host and repository.host != gh_host.lower()):
            continue
        chosen = _resolved(remote, repository)
        rank = (
            0 if remote.resolved else 1,
            0 if is_github_host(repository.host) else 1,
            _PREFERENCE.get(remote.name, 3),
            remote.name,
        )
        found.append((rank, chosen))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def is_github_host(host: str) -> bool:
    """Whether the host is GitHub's own (an Enterprise server has a name of its company's)."""
    return host == "github.com" or host.endswith(".ghe.com")


def _of_remote(remote: Remote) -> Repository | None:
    parsed = parse_remote_url(remote.url)
    if parsed is None or not remote.host:
        return parsed
    return _repository(remote.host, parsed.full_name)


def _resolved(remote: Remote, repository: Repository) -> Repository:
    if remote.resolved in {"", "base"}:
        return repository
    return _repository(repository.host, remote.resolved) or repository


def _repository(host: str, path: str) -> Repository | None:
    owner, slash, name = path.strip("/").partition("/")
    name = name.removesuffix(".git")
    usable = _NAME.fullmatch(owner) and _NAME.fullmatch(name) and not {owner, name} & {".", ".."}
    if not (host and slash and usable):
        return None
    host = host.lower().removeprefix("www.")
    # GitHub offers SSH on the HTTPS port under this name.
    return Repository("github.com" if host == "ssh.github.com" else host, owner, name)
