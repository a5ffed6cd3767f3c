"""The one place that runs git: hardened calls, and a reader of its status.

Paths are relative to the working tree's top, as :func:`os.fsdecode` gives them, so a name that is not
UTF-8 comes back as it went in. Reading and bookkeeping run no program that a repository's settings
name: no hook, no file system monitor, no pager, no external diff. ``hooks=True`` (a commit, a push, a
switch of branches) lets the user's own hooks run.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.system.process import program

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from batch_implement.system.process.program import Finished

READ_TIMEOUT = 60.0
# A listing that was cut would be misread, so it may be long; a longer one is an error.
LISTING_LIMIT = 256 * 1024 * 1024
_MESSAGE_LINES = 6
_PASSWORD = re.compile(r"(?<=://)[^/\s@]{1,1000}@")

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "color.ui": "false",
    "gc.auto": "0",  # what a command leaves running in the background is ended with it
    "i18n.commitEncoding": "UTF-8",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
}
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
# English messages without touching the encoding of the locale that hooks run in.
_ENVIRONMENT = {"LANGUAGE": "en"}


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
class Entry:
    """A tracked path that differs between HEAD, index and working tree.

    ``index`` and ``worktree`` are porcelain v2's letters, ``.`` for no change. ``submodule`` is its field
    of four: ``N...``, or ``S`` followed by C (other commit), M (changed content), U (untracked content).
    """

    path: str
    index: str
    worktree: str
    submodule: str = "N..."

    @property
    def unmerged(self) -> bool:
        return "U" in (self.index, self.worktree) or self.index + self.worktree in {"AA", "DD"}

    @property
    def is_submodule(self) -> bool:
        return self.submodule.startswith("S")


@dataclass(frozen=True)
class Status:
    """``head`` is ``""`` before the first commit, ``branch`` is ``""`` when HEAD is detached."""

    head: str
    branch: str
    upstream: str = ""
    ahead: int = 0
    behind: int = 0
    entries: tuple[Entry, ...] = ()
    untracked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Git:
    """git in one working tree, whose top is ``root``."""

    root: Path

    @classmethod
    def open(cls, folder: Path) -> Git:
        """The working tree that holds ``folder``; :class:`NotARepositoryError` says why there is none."""
        finished = cls(folder).run("rev-parse", "--show-toplevel", ok=None)
        if finished.ok:
            return cls(Path(os.fsdecode(finished.stdout.removesuffix(b"\n"))))
        raise NotARepositoryError(_why_no_repository(folder, finished))

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        timeout: float = READ_TIMEOUT,
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
            output_limit=LISTING_LIMIT,
        )
        self._raise_for(finished, arguments, timeout, ok)
        return finished

    def text(self, *arguments: str, ok: Collection[int] | None = (0,)) -> str:
        """What git printed, without the last line break; ``""`` for a failure that ``ok`` allows."""
        finished = self.run(*arguments, ok=ok)
        return os.fsdecode(finished.stdout.removesuffix(b"\n")) if finished.ok else ""

    def paths(self, *arguments: str) -> tuple[str, ...]:
        """The NUL-separated names git printed."""
        return split_paths(self.run(*arguments).stdout)

    def status(self) -> Status:
        """HEAD, branch and everything that differs, in one call that takes no lock.

        Renames are told as a deletion and an addition; files below an untracked folder one by one.
        """
        return parse_status(
            self.run(
                "status",
                "--porcelain=v2",
                "-z",
                "--branch",
                "--ahead-behind",
                "--no-renames",
                "--untracked-files=all",
                "--ignore-submodules=none",
            ).stdout
        )

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

    def _raise_for(
        self, finished: Finished, arguments: tuple[str, ...], timeout: float, ok: Collection[int] | None
    ) -> None:
        if finished.timed_out:
            raise GitTimeoutError(
                f"git {arguments[0]} in {self.root} had not ended after {timeout:g} seconds and was stopped. "
                f"It may have waited for an answer, a lock or the network. {excerpt(finished)}".rstrip(),
                finished,
            )
        if finished.truncated:
            raise GitCommandError(
                f"git {arguments[0]} in {self.root} printed more than {LISTING_LIMIT:,} bytes. "
                "Have git ignore the folder that holds so many files.",
                finished,
            )
        if ok is not None and finished.returncode not in ok:
            raise GitCommandError(
                f"git {arguments[0]} failed in {self.root} (exit status {finished.returncode}): "
                f"{excerpt(finished) or 'it said nothing'}",
                finished,
            )


def excerpt(finished: Finished, lines: int = _MESSAGE_LINES) -> str:
    """The end of what a program said on stderr (or stdout), without passwords in addresses."""
    said = (finished.error_text.strip() or finished.text.strip()).splitlines()
    return redact("\n".join(said[-lines:]))


def redact(text: str) -> str:
    """``text`` with user and password cut out of every address."""
    return _PASSWORD.sub("***@", text)


def split_paths(listing: bytes) -> tuple[str, ...]:
    """NUL-separated names as text."""
    return tuple(os.fsdecode(name) for name in listing.split(b"\0") if name)


def join_paths(paths: Iterable[str]) -> bytes:
    """Names as git reads them with ``-z`` or ``--pathspec-file-nul``."""
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def parse_status(output: bytes) -> Status:
    """Read ``git status --porcelain=v2 -z --branch``."""
    headers: dict[str, str] = {}
    entries: list[Entry] = []
    untracked: list[str] = []
    fields = iter(split_paths(output))
    for field in fields:
        kind, _, rest = field.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            headers[name] = value
        elif kind == "?":
            untracked.append(rest)
        elif kind in {"1", "2", "u"}:
            entries.append(_entry(kind, rest))
            if kind == "2":
                next(fields, None)  # the name before the rename
    head, branch = headers.get("branch.oid", ""), headers.get("branch.head", "")
    ahead, _, behind = headers.get("branch.ab", "+0 -0").partition(" ")
    return Status(
        head="" if head == "(initial)" else head,
        branch="" if branch == "(detached)" else branch,
        upstream=headers.get("branch.upstream", ""),
        ahead=abs(int(ahead)),
        behind=abs(int(behind)),
        entries=tuple(entries),
        untracked=tuple(untracked),
    )


def _entry(kind: str, rest: str) -> Entry:
    """``rest`` is a line of porcelain v2 after its first letter; the name is the last of its fields."""
    fields = rest.split(" ", {"1": 7, "2": 8, "u": 9}[kind])
    states, submodule = fields[0], fields[1]
    return Entry(path=fields[-1], index=states[0], worktree=states[1], submodule=submodule)


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
