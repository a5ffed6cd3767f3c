"""Why ``git commit`` did not commit, from what git itself recorded about the programs it ran.

git's messages don't say whether a hook refused or git failed, so the commit runs with its event trace
(``GIT_TRACE2_EVENT``) going to a file, which names each hook and each program with its exit status.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import GitError
from batch_implement.system.git.git import GitCommandError, GitTimeoutError, excerpt

if TYPE_CHECKING:
    from batch_implement.json_types import JsonObject
    from batch_implement.system.git.git import Git
    from batch_implement.system.process.program import Finished

_TRACE_LIMIT = 32 * 1024 * 1024
_OUTPUT_LINES = 40
_RACES = ("cannot lock ref", "index.lock': File exists", "HEAD.lock': File exists")


class CommitRefusedError(GitError):
    """A hook of the user's refused the commit; ``output`` is the end of what it printed.

    ``rewritten`` says that it changed files of the feature, as a formatter does.
    """

    def __init__(self, message: str, *, hook: str, output: str) -> None:
        super().__init__(message)
        self.hook = hook
        self.output = output
        self.rewritten = False


class SigningError(GitError):
    """The commit could not be signed without someone at the keyboard."""


class NothingToCommitError(GitError):
    """The feature changed nothing that a commit could hold."""


@dataclass(frozen=True)
class Child:
    """A program that git ran; ``hook`` is ``""`` for what is none, ``code`` is None while it runs."""

    argv: tuple[str, ...]
    hook: str
    code: int | None


@dataclass(frozen=True)
class Trace:
    """Where git writes its events."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"GIT_TRACE2_EVENT": str(self.path)}

    def failed_child(self) -> Child | None:
        """The last program that git ran and that failed, or that it was still waiting for."""
        failed = [child for child in self._children() if child.code != 0]
        return failed[-1] if failed else None

    def _children(self) -> list[Child]:
        events = list(self._events())
        own = events[0].get("sid") if events else None  # a hook's own gits write here too
        children: dict[int, Child] = {}
        for event in events:
            if event.get("sid") != own:
                continue
            if event.get("event") == "child_start":
                argv = tuple(map(str, event.get("argv", ())))
                children[event["child_id"]] = Child(argv, event.get("hook_name", ""), None)
            elif event.get("event") == "child_exit" and event["child_id"] in children:
                started = children[event["child_id"]]
                children[event["child_id"]] = Child(started.argv, started.hook, event.get("code"))
        return list(children.values())

    def _events(self) -> list[JsonObject]:
        if not self.path.is_file() or self.path.stat().st_size > _TRACE_LIMIT:
            return []
        events = []
        for line in self.path.read_text("utf-8", "replace").splitlines():
            try:
                event = json.loads(line)
            except ValueError:  # the last line of a git that was killed
                continue
            if isinstance(event, dict):
                events.append(event)
        return events


def commit_failure(git: Git, finished: Finished, trace: Trace) -> GitError:
    """The error for a ``git commit`` that ended without a commit."""
    child, output = trace.failed_child(), excerpt(finished, _OUTPUT_LINES)
    if child is not None and child.hook:
        return CommitRefusedError(
            f"The {child.hook} hook refused the commit in {git.root} (exit status {child.code}):\n{output}",
            hook=child.hook,
            output=output,
        )
    if "failed to sign the data" in output or "Couldn't load public key" in output:
        return SigningError(
            f"The commit in {git.root} could not be signed: {excerpt(finished, 3)}\n"
            "Unlock the key before an unattended run, or switch signing off: git config commit.gpgSign false."
        )
    if finished.returncode == 1 and "error:" not in output and "fatal:" not in output:
        return NothingToCommitError(f"Nothing differs in {git.root} that a commit could hold.")
    return GitCommandError(f"git commit failed in {git.root}: {output or 'it said nothing'}", finished)


def timeout_failure(git: Git, error: GitTimeoutError, trace: Trace, timeout: float) -> GitError:
    """The error for a ``git commit`` that was stopped, naming what it waited for."""
    child = trace.failed_child()
    if child is None:
        return error
    waited_for = (
        f"the {child.hook} hook" if child.hook else f"{Path(child.argv[0]).name!r}" if child.argv else "git"
    )
    return GitTimeoutError(
        f"git commit in {git.root} waited for {waited_for}, which had not ended after {timeout:g} seconds "
        "and was stopped. Nobody was there to answer if it asked something. "
        f"{excerpt(error.finished)}".rstrip(),
        error.finished,
    )


def is_race(error: GitCommandError) -> bool:
    """True when another git moved the branch or held a lock at that moment; trying again is safe."""
    return any(words in error.finished.error_text for words in _RACES)
