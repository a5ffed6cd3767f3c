"""The one place that runs gh: ``gh api``, for one repository that is named in every call.

What is asked travels on gh's standard input as JSON, so no text of anybody's can become an option, a
path or a query of its own. Only numbers and checked names stand in arguments.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from batch_implement.json_types import JsonMapping, JsonObject
from batch_implement.system.github.answer import read_answer, read_graphql
from batch_implement.system.github.errors import Failure, GitHubCallError
from batch_implement.system.github.queries import NAME
from batch_implement.system.github.repository import (
    Remote,
    Repository,
    choose_repository,
    is_github_host,
    ssh_host_of,
)
from batch_implement.system.process import program
from batch_implement.system.text.cleaning import one_line

CALL_TIMEOUT = 30.0
# Twenty-five issues with the longest body GitHub takes (65,536 characters), in UTF-8 and escaped, fit.
_ANSWER_LIMIT = 16 * 1024 * 1024

# gh asks nothing, colours nothing, logs nothing, and never takes a repository from the environment.
_PLAIN = {
    "GH_REPO": "",
    "GH_DEBUG": "0",
    "GH_FORCE_TTY": "",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "GH_NO_EXTENSION_UPDATE_NOTIFIER": "1",
    "NO_COLOR": "1",
    "CLICOLOR_FORCE": "0",
}


class GitHubCli:
    """gh in the project at ``root``; ``env`` is laid over our environment, ``timeout`` is in seconds for each
    call. Every method raises :class:`GitHubCallError`, whose ``failure`` says of which kind."""

    def __init__(
        self, root: Path, env: Mapping[str, str] | None = None, *, timeout: float = CALL_TIMEOUT
    ) -> None:
        self._root = root
        self._env = dict(env or {})
        self._timeout = timeout
        self._repository: Repository | None = None
        self._verified = False

    def repository(self) -> Repository:
        """The repository of the project's git remotes, found once and without the network."""
        if self._repository is None:
            self._repository = self._find_repository()
        return self._repository

    def unready(self) -> str:
        """Why nothing can be asked of GitHub as things are, in a sentence; ``""`` where nothing is known to
        be in the way. Needs no network.

        Raises :class:`GitHubCallError` where the remote may well be another forge: its host is not GitHub's
        own, and gh has not been told of it.
        """
        host = self.repository().host
        reason = self._why_not_ready(host)
        if reason and not is_github_host(host) and host != self._variable("GH_HOST").lower():
            raise GitHubCallError(Failure.NO_REPOSITORY, f"{host} is not known to be GitHub. {reason}")
        return reason

    def _why_not_ready(self, host: str) -> str:
        try:
            gh = self._gh("looking for it")
        except GitHubCallError as error:
            return str(error)
        asked = self._run([gh, "auth", "token", "--hostname", host], self._environment(host))
        # A gh before 2.17 doesn't know the question; the first call will show it.
        if asked.ok or "no oauth token" not in asked.error_text.lower():
            return ""
        return f"gh is not logged in to {host}. Run `gh auth login --hostname {host}`."

    def in_repository(self, query: str, variables: JsonMapping, call: str) -> JsonObject:
        """Ask for something inside our repository, and make sure that it was ours that answered."""
        ours = self.repository()
        data = self.graphql(query, {"owner": ours.owner, "name": ours.name, **variables}, call)
        found = data.get("repository")
        if not isinstance(found, dict):
            raise GitHubCallError(Failure.INVALID_ANSWER, f"GitHub's answer holds no repository ({call}).")
        full_name = str(found.get("nameWithOwner"))
        if not ours.is_named(full_name):
            raise GitHubCallError(
                Failure.NO_REPOSITORY,
                f"{ours.full_name} has moved to {full_name[:200]!r} ({call}), and nothing is done in a "
                "repository that the project does not name. Change the remote with `git remote set-url`.",
            )
        self._verified = True
        return found

    def graphql(self, query: str, variables: JsonMapping, call: str) -> JsonObject:
        argv = ["-X", "POST", "graphql"]
        return read_graphql(self._gh_api(argv, {"query": query, "variables": variables}, call), call)

    def rest(self, method: str, path: str, fields: object, call: str) -> Any:
        """Call ``repos/OWNER/NAME/path``; ``path`` holds only numbers, fixed words and encoded text.

        GitHub redirects writes to a repository that has moved, so ours is looked at before the first.
        """
        if method != "GET" and not self._verified:
            self.in_repository(NAME, {}, call)
        argv = ["-X", method, f"repos/{self.repository().full_name}/{path}"]
        return read_answer(self._gh_api(argv, fields, call), call)

    def _gh_api(self, argv: Sequence[str], fields: object, call: str) -> program.Finished:
        host = self.repository().host
        stdin = b"" if fields is None else json.dumps(fields).encode("ascii")
        source = ["--input", "-"] if stdin else []
        whole = [self._gh(call), "api", "--include", "--hostname", host, *source, *argv]
        return self._run(whole, self._environment(host), stdin)

    def _gh(self, call: str) -> str:
        """The absolute path of gh; a gh in a folder that PATH names relatively is never run."""
        path = self._variable("PATH")
        absolute = os.pathsep.join(entry for entry in path.split(os.pathsep) if entry.startswith("/"))
        found = shutil.which("gh", path=absolute) if absolute else None
        if found is None:
            raise GitHubCallError(
                Failure.MISSING,
                f"gh, GitHub's command line tool, is not on PATH ({call}). "
                "Install it from https://cli.github.com and run `gh auth login`.",
            )
        return found

    def _environment(self, host: str) -> dict[str, str]:
        """gh's environment. gh would hand an Enterprise token to any host it is asked to call."""
        tokens = {}
        if not is_github_host(host) and host != self._variable("GH_HOST").lower():
            tokens = {"GH_ENTERPRISE_TOKEN": "", "GITHUB_ENTERPRISE_TOKEN": ""}
        return {**self._env, **_PLAIN, **tokens}

    def _variable(self, name: str) -> str:
        return self._env.get(name, os.environ.get(name, ""))

    def _find_repository(self) -> Repository:
        chosen = choose_repository(self._remotes(), self._variable("GH_HOST"))
        if chosen is None:
            raise GitHubCallError(
                Failure.NO_REPOSITORY,
                f"{self._root} has no git remote on GitHub. Add one with `git remote add origin URL`, or "
                "leave out what needs GitHub.",
            )
        return chosen

    def _remotes(self) -> list[Remote]:
        listed = self._run(["git", "remote", "-v"])
        if not listed.ok:
            raise GitHubCallError(
                Failure.NO_REPOSITORY,
                f"git can't list the remotes of {self._root}: {one_line(listed.error_text, 300)}",
            )
        addresses = {}
        for line in listed.text.splitlines():
            name, _, rest = line.partition("\t")
            url, fetch, _ = rest.rpartition(" (fetch)")  # a partial clone's filter may follow
            if fetch:
                addresses[name] = url
        chosen = self._run(["git", "config", "--get-regexp", r"^remote\..*\.gh-resolved$"]).text.splitlines()
        resolved = dict(line.split(" ", 1) for line in chosen if " " in line)
        return [
            Remote(name, url, resolved.get(f"remote.{name}.gh-resolved", ""), self._host_behind(url))
            for name, url in addresses.items()
        ]

    def _host_behind(self, url: str) -> str:
        """The host for which an SSH address holds a name of ``~/.ssh/config``; ``""`` where it needs none."""
        alias = ssh_host_of(url)
        if not alias or is_github_host(alias):
            return ""
        told = self._run(["ssh", "-G", "--", alias]).text.splitlines()
        return next((line.split()[1] for line in told if line.startswith("hostname ")), "")

    def _run(
        self, argv: Sequence[str], env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> program.Finished:
        return program.run(
            argv,
            cwd=self._root,
            timeout=self._timeout,
            stdin=stdin,
            env=env or self._env,
            output_limit=_ANSWER_LIMIT,
        )
