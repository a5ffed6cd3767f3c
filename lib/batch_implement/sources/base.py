"""What every source of features yields."""

from __future__ import annotations

from dataclasses import dataclass

from batch_implement.model.feature import MAX_FEATURE_LENGTH
from batch_implement.system.text.cleaning import one_line


@dataclass(frozen=True)
class Feature:
    """One thing to build.

    ``text`` is one line. ``body`` is longer material (a GitHub issue's, what stands below a bullet), to be
    quoted and never obeyed. ``depends_on`` holds indices, within the same source, that the source itself
    knows of (links between issues). ``origin`` is its file and line, ``plans/next.md:12``; ``phase`` the part
    of a plan that it belongs to.
    """

    text: str
    issue_number: int | None = None
    body: str = ""
    depends_on: tuple[int, ...] = ()
    origin: str = ""
    phase: str = ""


@dataclass(frozen=True)
class FeatureSource:
    """What was read: features in the order given, and what the reader should tell the user.

    ``features_file`` is relative to the project, ``""`` where the features are not from a file; of several
    it names the first few, and ``files`` has all. ``source_type`` is ``file``, ``issues`` or ``request``.
    ``notices`` are sentences: a duplicate kept once, a closed issue left out. ``keeps_order``: of a plan,
    whose order somebody has thought about.
    """

    features: tuple[Feature, ...]
    source_type: str
    features_file: str = ""
    notices: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    keeps_order: bool = False


def sanitize_feature_name(text: str) -> str:
    """A feature's text as it is kept: one line, at most 10,000 characters."""
    return one_line(text, MAX_FEATURE_LENGTH)
