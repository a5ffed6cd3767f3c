"""Kinds of plain values, by the names that records declare them with.

For a type checker they are plain types, for the program their values in JSON;
:mod:`batch_implement.state.schema` knows what each may be beyond that.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Count = int
    """0 or more."""
    Index = int
    """Of a feature, from 0; people are shown numbers from 1."""
    Time = str
    """ISO 8601 in UTC, ``2026-01-31T08:05:00.000000Z``; ``""`` for never."""
    Identifier = str
    """What may be part of a file's name."""
    Sentence = str
    """Text for a person."""
    Line = str
    """One line without control characters, at most 10,000 characters long."""

    Status = Literal["in_progress", "paused", "completed", "failed", "cancelled"]
    Workflow = Literal["auto-implement", "direct"]
    BranchMode = Literal["current", "batch", "feature"]
    WorkerKind = Literal["agent", "reviewer"]
    MessageStyle = Literal["conventional", "plain"]
    PauseKind = Literal[
        "person", "failing-check", "failure", "outage", "context-full", "no-progress", "stalled", "earlier"
    ]
    ResumesWhen = Literal["resumed", "mended", "cleared"]
    Doubt = Literal["session", "not-typed", "no-terminal", "strange-terminal", "unattended", "unconfirmed"]
    RestKind = Literal["paused", "waiting", "away"]

IN_JSON: dict[str, frozenset[type]] = {
    **dict.fromkeys(("int", "Count", "Index"), frozenset({int})),
    **dict.fromkeys(("str", "Time", "Identifier", "Sentence", "Line"), frozenset({str})),
    **dict.fromkeys(
        ("Status", "Workflow", "BranchMode", "WorkerKind", "PauseKind", "MessageStyle"), frozenset({str})
    ),
    **dict.fromkeys(("ResumesWhen", "RestKind", "Doubt"), frozenset({str})),
    "float": frozenset({int, float}),
    "bool": frozenset({bool}),
}
"""What JSON has for each; any other kind is of a record, or is not looked at."""
STATUSES: tuple[Status, ...] = ("in_progress", "paused", "completed", "failed", "cancelled")
EARLIER_NAMES: dict[str, Status] = {"running": "in_progress"}
"""Of a status, in files of the first version."""
WORKFLOWS: tuple[Workflow, ...] = ("auto-implement", "direct")
BRANCH_MODES: tuple[BranchMode, ...] = ("current", "batch", "feature")
MESSAGE_STYLES: tuple[MessageStyle, ...] = ("conventional", "plain")
OPERATIONS = ("commit", "push", "pr", "issue_close")
"""What git or GitHub does for a feature, as the state records it."""
