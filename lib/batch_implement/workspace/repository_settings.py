"""The settings by which a repository names programs, hooks and remotes, watched from a feature's start.

What is set when a feature begins is the user's own choice and is obeyed. What a feature changes there (a
hook switched off, a remote led elsewhere, a program that signing or a push would start) is for a person
to see before anything is committed or pushed with it. Values are kept as digests: some hold passwords.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from batch_implement.system.text.secrets import redact
from batch_implement.workspace.content import ABSENT, content_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch_implement.system.git.git import Git

SettingKind = Literal["hooks", "remote", "program", "hidden"]

# Keys as git lists them: section and last part in lower case.
_WATCHED: tuple[tuple[SettingKind, re.Pattern[str]], ...] = (
    ("hooks", re.compile(r"core\.hookspath")),
    (
        "remote",
        re.compile(
            r"\A(?:remote\..{0,1000}\.(?:url|pushurl|vcs|proxy)|url\..{0,1000}\.(?:insteadof|pushinsteadof))",
            re.DOTALL,
        ),
    ),
    (
        "program",
        re.compile(
            r"\A(?:core\.(?:sshcommand|gitproxy|askpass|worktree)|gpg\.(?:.{0,1000}\.)?program|commit\.gpgsign"
            r"|credential\.(?:.{0,1000}\.)?helper|remote\..{0,1000}\.(?:receivepack|uploadpack)|http\.(?:.{0,1000}\.)?proxy"
            r"|filter\..{0,1000}\.(?:clean|smudge|process)|include\.path|includeif\..{0,1000}\.path)",
            re.DOTALL,
        ),
    ),
)
_HOOK_LIMIT = 1024 * 1024
# The repository's own settings, and those of one of its working trees; not the user's or the system's.
_OWN_SCOPES = (b"local", b"worktree")
# git calls them assume-unchanged and skip-worktree: what is changed in them, nobody would see or commit.
_HIDDEN = "files hidden from git status"
# Left out by a sparse checkout.
_LEFT_OUT = "files left out of the working tree"


@dataclass(frozen=True)
class SettingChange:
    """``name`` is git's key, or ``hook NAME``; ``now`` is its value without passwords, ``""`` when gone.

    ``kind`` is ``hidden`` where files are hidden or left out and none was before: none of them is the user's.
    """

    name: str
    kind: SettingKind
    now: str

    @property
    def sentence(self) -> str:
        what = f"is now {self.now!r}" if self.now else "is gone"
        return f"The repository's {self.name} was changed during the feature: it {what}."


def take_settings(git: Git) -> dict[str, str]:
    """The watched settings of the repository's own configuration and its active hooks, as digests."""
    return {name: _digest(value) for name, value in _current(git).items()}


def changed_settings(git: Git, before: Mapping[str, str]) -> tuple[SettingChange, ...]:
    """What differs from the settings taken before, by name; a hook that is new is no loss."""
    values = _current(git)
    now = {name: _digest(value) for name, value in values.items()}
    names = [name for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]
    return tuple(
        SettingChange(name, _kind_now(name, before), _shown(name, values.get(name, b"")))
        for name in names
        if name in before or not name.startswith("hook ")
    )


def _current(git: Git) -> dict[str, bytes]:
    settings: dict[str, bytes] = {}
    hooks_path: bytes | None = None
    # With hooks: without the folder of hooks that we set.
    listing = git.run("config", "--list", "--show-scope", "--includes", "-z", hooks=True).stdout.split(b"\0")
    for scope, entry in zip(listing[::2], listing[1::2], strict=False):
        name, _, value = entry.partition(b"\n")
        key = os.fsdecode(name)
        if key == "core.hookspath":
            hooks_path = value  # in the order in which git lets the last one win
        if scope in _OWN_SCOPES and _kind(key):
            settings[key] = settings.get(key, b"") + value + b"\n"
    hooks = _hooks(_hooks_folder(git, hooks_path))
    return settings | hooks | _hidden_files(git)


def _hidden_files(git: Git) -> dict[str, bytes]:
    """By name those in the working tree, with what is in them now, and those that are not there."""
    listing = git.run("ls-files", "-v", "-z").stdout.split(b"\0")
    flagged = [entry[2:] for entry in listing if entry[:1].islower() or entry[:1] in {b"S", b"s"}]
    known = [(name, content_id(git.root, os.fsdecode(name))) for name in flagged]
    lines = {
        _HIDDEN: [name + b"\0" + content.encode() for name, content in known if content != ABSENT],
        _LEFT_OUT: [name for name, content in known if content == ABSENT],
    }
    return {kind: b"\n".join(found) for kind, found in lines.items() if found}


def _hooks_folder(git: Git, setting: bytes | None) -> Path:
    """Where git finds hooks; what only git can read (``~``, ``%(prefix)``, nothing) it is asked for."""
    if setting is None:
        return git.places.hooks
    if setting[:1] in {b"", b"~", b"%", b":"}:
        return git.git_path("hooks")
    return git.root / os.fsdecode(setting)


def _hooks(folder: Path) -> dict[str, bytes]:
    hooks = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        active = path.suffix != ".sample" and path.is_file() and os.access(path, os.X_OK)
        if active and path.stat().st_size <= _HOOK_LIMIT:
            hooks[f"hook {path.name}"] = path.read_bytes()
    return hooks


def _kind_now(name: str, before: Mapping[str, str]) -> SettingKind:
    if name in {_HIDDEN, _LEFT_OUT} and name not in before:
        return "hidden"
    return _kind(name) or "hooks"


def _kind(name: str) -> SettingKind | None:
    return next((kind for kind, pattern in _WATCHED if pattern.fullmatch(name)), None)


def _shown(name: str, value: bytes) -> str:
    if name.startswith("hook "):
        return "another program" if value else ""
    if name in {_HIDDEN, _LEFT_OUT}:
        value = b", ".join(line.partition(b"\0")[0] for line in value.split(b"\n"))
    return redact(value.decode("utf-8", "replace").strip())[:200]


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()[:32]
