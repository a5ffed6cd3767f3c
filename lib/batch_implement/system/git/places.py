"""Where git keeps what it knows of a working tree, by the documented layout of a repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_BRANCH = "ref: refs/heads/"
# What a repository with another store of refs (reftable) has in its HEAD, for readers that don't know it.
_ELSEWHERE = ".invalid"


@dataclass(frozen=True)
class Places:
    """``own`` is git's folder for this working tree, ``common`` the one that all linked ones share.

    They are the same but in a linked working tree.
    """

    own: Path
    common: Path

    @property
    def index(self) -> Path:
        return self.own / "index"

    @property
    def index_lock(self) -> Path:
        return self.own / "index.lock"

    @property
    def objects(self) -> Path:
        return self.common / "objects"

    @property
    def exclude(self) -> Path:
        return self.common / "info" / "exclude"

    @property
    def hooks(self) -> Path:
        """Where hooks are when no setting names another folder."""
        return self.common / "hooks"

    def branch(self) -> str:
        """The branch that HEAD's file names; ``""`` where it names none and only git can tell."""
        try:
            head = (self.own / "HEAD").read_text("utf-8")
        except (OSError, ValueError):
            return ""
        name = head.removeprefix(_BRANCH).removesuffix("\n")
        return name if head == f"{_BRANCH}{name}\n" and name != _ELSEWHERE else ""
