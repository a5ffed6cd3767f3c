"""What ``git status`` says, as values."""

from __future__ import annotations

from dataclasses import dataclass

from batch_implement.system.git.path_lists import split_paths

# Renames are told as a deletion and an addition; files below an untracked folder one by one, and those in an
# ignored folder by the folder's name.
STATUS = (
    "status",
    "--porcelain=v2",
    "-z",
    "--branch",
    "--no-ahead-behind",
    "--no-renames",
    "--untracked-files=all",
    "--ignored=matching",
    "--ignore-submodules=none",
)


@dataclass(frozen=True)
class Entry:
    """A tracked path that differs between HEAD, index and working tree.

    ``index`` and ``worktree`` are porcelain v2's letters, ``.`` for no change. ``submodule`` is its field
    of four: ``N...``, or ``S`` followed by C (other commit), M (changed content), U (untracked content).
    ``head_mode`` and ``head_id`` are what HEAD has under the path, ``""`` where it has nothing.
    """

    path: str
    index: str
    worktree: str
    submodule: str = "N..."
    head_mode: str = ""
    head_id: str = ""

    @property
    def unmerged(self) -> bool:
        return "U" in (self.index, self.worktree) or self.index + self.worktree in {"AA", "DD"}

    @property
    def is_submodule(self) -> bool:
        return self.submodule.startswith("S")


@dataclass(frozen=True)
class Status:
    """``head`` is ``""`` before the first commit, ``branch`` is ``""`` when HEAD is detached.

    Of ``ignored``, a folder ends with ``/``.
    """

    head: str
    branch: str
    entries: tuple[Entry, ...] = ()
    untracked: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def parse_status(output: bytes) -> Status:
    """Read ``git status --porcelain=v2 -z --branch``."""
    headers: dict[str, str] = {}
    entries: list[Entry] = []
    untracked: list[str] = []
    ignored: list[str] = []
    fields = iter(split_paths(output))
    for field in fields:
        kind, _, rest = field.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            headers[name] = value
        elif kind == "?":
            untracked.append(rest)
        elif kind == "!":
            ignored.append(rest)
        elif kind in {"1", "2", "u"}:
            entries.append(_entry(kind, rest))
            if kind == "2":
                next(fields, None)  # the name before the rename
    head, branch = headers.get("branch.oid", ""), headers.get("branch.head", "")
    return Status(
        head="" if head == "(initial)" else head,
        branch="" if branch == "(detached)" else branch,
        entries=tuple(entries),
        untracked=tuple(untracked),
        ignored=tuple(ignored),
    )


def _entry(kind: str, rest: str) -> Entry:
    """``rest`` is a line of porcelain v2 after its first letter; the name is the last of its fields."""
    fields = rest.split(" ", {"1": 7, "2": 8, "u": 9}[kind])
    states, submodule = fields[0], fields[1]
    # Of an unmerged path the second stage is HEAD's.
    mode, name = (fields[3], fields[7]) if kind == "u" else (fields[2], fields[5])
    known = name.strip("0") != ""
    return Entry(
        path=fields[-1],
        index=states[0],
        worktree=states[1],
        submodule=submodule,
        head_mode=mode if known else "",
        head_id=name if known else "",
    )
