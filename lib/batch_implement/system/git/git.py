"""The one place that runs git: hardened calls in one working tree.

Paths are relative to the working tree's top, as :func:`os.fsdecode` gives them, so a name that is not
UTF-8 comes back as it went in. Reading and bookkeeping run no program that a repository's settings
name: no hook, no file system monitor, no pager, no external diff. ``hooks=True`` (a commit, a push, a
switch of branches) lets the user's own hooks run.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from batch_implement.errors import GitError
from batch_implement.system.git.path_lists import split_paths
from batch_implement.system.git.places import Places
from batch_implement.system.git.status import STATUS, Status, parse_status
from batch_implement.system.process import program
from batch_implement.system.process.program import Finished
from batch_implement.system.text.secrets import without_logins

READ_TIMEOUT = 60.0
# A listing that was cut would be misread, so it may be long; a longer one is an error.
LISTING_LIMIT = 256 * 1024 * 1024
_MESSAGE_LINES = 6

_SETTINGS = {
    # Looser, a change of the same size under the same time is none.
    "core.checkStat": "default",
    "core.trustctime": "true",
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.quotePath": "false",
    "color.ui": "false",
    "gc.auto": "0",  # what a command leaves running in the background is ended with it
    "i18n.commitEncoding": "UTF-8",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
}
_FOLDERS = ("--absolute-git-dir", "--git-common-dir")
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
# English messages without touching the encoding of the locale that hooks run in; and history as it was
# written, whatever refs/replace or a graft makes of it.
_ENVIRONMENT = {"LANGUAGE": "en", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}


class GitCommandError(GitError):
    """git ended with an unexpected status; ``finished`` is what it said."""

    def __init__(self, message: str, finished: Finished) -> None:
        super().__init__(message)
        self.finished = finished


class GitTimeoutError(GitCommandError):
    """git did not end in its time: it was waiting for someone, a lock or the network."""


class NotARepositoryError(GitError):
    """The folder is not in a git working tree that may be used."""


@dataclass(frozen=True)
class Git:
    """git in one working tree, whose top is ``root``."""

    root: Path
    _opened: Places | None = field(default=None, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path) -> Git:
        """The working tree that holds ``folder``; :class:`NotARepositoryError` says why there is none."""
        finished = cls(folder).run("rev-parse", "--show-toplevel", *_FOLDERS, ok=None)
        if not finished.ok:
            raise NotARepositoryError(_why_no_repository(folder, finished))
        top, *folders = _lines(finished.stdout)
        if len(folders) == len(_FOLDERS):
            return cls(Path(top), _places(folder, *folders))
        # A name with a line break in it: no line tells where the next one begins.
        return cls(Path(cls(folder).text("rev-parse", "--show-toplevel")))

    @cached_property
    def places(self) -> Places:
        """Asked once: no command of ours moves them."""
        if self._opened is not None:
            return self._opened
        folders = _lines(self.run("rev-parse", *_FOLDERS).stdout)
        if len(folders) != len(_FOLDERS):
            folders = [self.text("rev-parse", folder) for folder in _FOLDERS]
        return _places(self.root, *folders)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        timeout: float = READ_TIMEOUT,
        output_limit: int = LISTING_LIMIT,
        env: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        hooks: bool = False,
        ok: Collection[int] | None = (0,),
    ) -> Finished:
        """Run git; :class:`GitCommandError` for a status not in ``ok`` (``None`` takes every one).

        :class:`GitTimeoutError` after ``timeout`` seconds. ``settings`` are laid over the repository's.
        """
        finished = program.run(
            [*self._prefix(settings or {}, hooks=hooks), *arguments],
            cwd=self.root,
            timeout=timeout,
            stdin=stdin,
            env={**_ENVIRONMENT, **(env or {})},
            output_limit=output_limit,
        )
        call = f"git {arguments[0]} in {self.root}"
        if finished.timed_out:
            raise GitTimeoutError(
                f"{call} had not ended after {timeout:g} seconds and was stopped. "
                f"It may have waited for an answer, a lock or the network. {excerpt(finished)}".rstrip(),
                finished,
            )
        if finished.truncated:
            raise GitCommandError(
                f"{call} printed more than {output_limit:,} bytes. "
                "Have git ignore the folder that holds so many files.",
                finished,
            )
        if ok is not None and finished.returncode not in ok:
            said = excerpt(finished) or "it said nothing"
            raise GitCommandError(f"{call} failed (exit status {finished.returncode}): {said}", finished)
        return finished

    def text(self, *arguments: str, ok: Collection[int] | None = (0,)) -> str:
        """What git printed, without the last line break; ``""`` for a failure that ``ok`` allows."""
        finished = self.run(*arguments, ok=ok)
        return os.fsdecode(finished.stdout.removesuffix(b"\n")) if finished.ok else ""

    def paths(self, *arguments: str) -> tuple[str, ...]:
        """The NUL-separated names git printed."""
        return split_paths(self.run(*arguments).stdout)

    def status(self) -> Status:
        """HEAD, branch and everything that differs, in one call that takes no lock."""
        return parse_status(self.run(*STATUS).stdout)

    def branch(self) -> str:
        """The branch that is checked out now, ``""`` on a detached HEAD."""
        return self.places.branch() or self.text("symbolic-ref", "--quiet", "--short", "HEAD", ok=None)

    def resolve(self, revision: str) -> str:
        """The commit's full id, ``""`` when there is none of that name."""
        return self.text(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", ok=None
        )

    def git_path(self, name: str) -> Path:
        """Where git keeps ``name`` for this working tree, which may be a linked one."""
        # rev-parse runs no hook, and would else answer with the folder of hooks that we set.
        asked = self.run("rev-parse", "--git-path", name, hooks=True)
        return self.root / os.fsdecode(asked.stdout.removesuffix(b"\n"))

    def setting(self, name: str) -> str:
        """A setting's value in force, ``""`` when it is not set."""
        return self.text("config", "--get", name, ok=(0, 1))

    def _prefix(self, settings: Mapping[str, str], *, hooks: bool) -> list[str]:
        merged = {**_SETTINGS, **settings}
        pairs = [part for name, value in merged.items() for part in ("-c", f"{name}={value}")]
        return ["git", "--no-pager", "--literal-pathspecs", *pairs, *(() if hooks else _NO_HOOKS)]


def excerpt(finished: Finished, lines: int = _MESSAGE_LINES) -> str:
    """The end of what a program said on stderr (or stdout), without passwords in addresses."""
    said = (finished.error_text.strip() or finished.text.strip()).splitlines()
    return without_logins("\n".join(said[-lines:]))


def _lines(output: bytes) -> list[str]:
    return os.fsdecode(output.removesuffix(b"\n")).split("\n")


def _places(folder: Path, own: str, common: str) -> Places:
    """``common`` is told from the folder in which git was asked."""
    return Places(own=Path(own), common=Path(os.path.realpath(folder / common)))


def _why_no_repository(folder: Path, finished: Finished) -> str:
    said = excerpt(finished)
    if "dubious ownership" in said:
        return (
            f"{folder} belongs to another user, so git does not trust it. If you do: "
            f"git config --global --add safe.directory {folder}"
        )
    if "must be run in a work tree" in said:
        return f"{folder} is a bare repository: it has no working tree. Run in a clone of it."
    if "not a git repository" in said:
        return f"{folder} is not in a git repository. Run 'git init' there, or change to the project."
    return f"{folder} can't be used as a git repository: {said}"
