"""One way in which a project's checks say less than before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weakening:
    """``line`` counts from 1, in the new file or, for what is gone, in the old one; ``what`` is a phrase."""

    path: str
    line: int
    what: str
