"""What is wrong with what lies in the repository, or about to be committed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from batch_implement.model import refusals as why
from batch_implement.system.text.shortening import shorten
from batch_implement.workspace.changes import name_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

GitRefusal: TypeAlias = (
    "why.BranchLeft | why.CommitsMerged | why.CommitsPushed | why.SettingsChanged | why.PathsHeld"
    " | why.IgnoredFiles"
)
_SHOWN = 12
_LINE = 200
_SHA = 12
_OUTSIDE = (
    "--allow is the user's: typed as /batch-implement --done N --allow NAME, or in a terminal outside of "
    "Claude Code."
)


def about_git(refusal: GitRefusal) -> str:
    match refusal:
        case why.BranchLeft():
            return _branch_left(refusal)
        case why.CommitsMerged():
            merge = refusal.merge[:_SHA]
            return (
                f"Feature {refusal.number} is not done: {merge} is a merge, and what came in by it is not "
                f"the feature's. Go back to before it, git reset --keep {merge}^1, then run done again."
            )
        case why.CommitsPushed():
            return (
                f"Feature {refusal.number} is not done: what was committed since it began is on "
                f"{name_paths(refusal.where)} already, and what is pushed is not made again. The user can "
                f"take it back there; or run: batch-implement fail {refusal.number} "
                "--error 'it was pushed unproven'"
            )
        case why.SettingsChanged():
            allow = " ".join(f"--allow '{name}'" for name in refusal.names)
            return (
                f"Feature {refusal.number} changed the repository's own settings, which nobody asked for:\n"
                f"{listed(refusal.lines)}\nPut them back, then run done again. If that is meant, the user "
                f"allows it: {allow}. {_OUTSIDE}"
            )
        case why.PathsHeld():
            return (
                f"Feature {refusal.number} can't be committed as it is:\n{listed(refusal.lines)}\n{_OUTSIDE}"
            )
        case why.IgnoredFiles():
            return _ignored_files(refusal)


def _branch_left(refusal: why.BranchLeft) -> str:
    there = f"branch {refusal.now}" if refusal.now else "no branch (a detached HEAD)"
    merge = f", and for what was committed there git merge --squash {refusal.now or refusal.head[:_SHA]}"
    return (
        f"Feature {refusal.number} began on branch {refusal.branch}, and the working tree is on {there}. Go "
        f"back with the work: git switch {refusal.branch}{merge if refusal.head else ''}. "
        "Then run done again."
    )


def _ignored_files(refusal: why.IgnoredFiles) -> str:
    lines = (
        *(f"new: {name_paths([path])}" for path in refusal.new),
        *(f"changed: {name_paths([path])}" for path in refusal.changed),
    )
    return (
        f"Feature {refusal.number} is not done: git ignores these files, so the check would see what no "
        f"commit has.\n{listed(lines)}\nOf what you made, git add --force what belongs to the feature and "
        "delete the rest: what the check makes itself comes back. Put back what you changed. Then run done "
        f"again. {_OUTSIDE}"
    )


def listed(lines: Sequence[str]) -> str:
    """A line each, the first few of many."""
    shown = [f"- {shorten(line, _LINE)}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"- and {len(lines) - _SHOWN} more")
    return "\n".join(shown)
