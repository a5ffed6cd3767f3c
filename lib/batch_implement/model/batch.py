"""A batch: everything that is known of it, as one value. What is decided, is decided from this alone."""

from __future__ import annotations

from batch_implement.model.record import length_of, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.attempt import Attempt
    from batch_implement.model.check import Check
    from batch_implement.model.evidence import Evidence, Failure, Operation
    from batch_implement.model.feature import Feature
    from batch_implement.model.kinds import (
        BranchMode,
        Count,
        Identifier,
        Index,
        Line,
        MessageStyle,
        PauseKind,
        ResumesWhen,
        Sentence,
        Status,
        Time,
        Workflow,
    )

VERSION = 3
DECLARED_IN = {
    "Attempt": "batch_implement.model.attempt",
    "Check": "batch_implement.model.check",
    "Evidence": "batch_implement.model.evidence",
    "Failure": "batch_implement.model.evidence",
    "Feature": "batch_implement.model.feature",
    "Operation": "batch_implement.model.evidence",
}
WORKFLOW_REMINDER = (
    "A batch is being worked through unattended. Run `batch-implement next` for the current feature and "
    "go on with it; don't ask whether to continue."
)


@record(frozen=True, kw_only=True)
class Owner:
    """The session that works on a batch."""

    session_id: Line
    client: Line = ""
    """Its process, as ``system/process/identity`` writes it: ``/clear`` gives a session another id."""
    since: Time = ""
    is_compared: bool = True
    """Whether the record was compared with git since the session was continued."""


@record(frozen=True, kw_only=True)
class Pause:
    """Why a batch stands still until a person acts."""

    kind: PauseKind
    since: Time = ""
    about: Sentence = ""
    """What failed or was said, in the words of who said it."""
    feature: Index | None = None
    count: Count | None = None
    """How often it happened."""
    output: str = ""
    """The end of what a program printed."""
    question: Sentence = ""
    """What a person is asked."""
    answers: tuple[Line, ...] = ()
    """What may be answered; the first is what is advised."""
    resumes_when: ResumesWhen = "resumed"
    """What a person has to do: say so, mend something first, or clear the conversation first."""


@record(frozen=True, kw_only=True)
class Wait:
    """Until when nothing is begun, and why."""

    at: Time
    seconds: float = 0.0
    """How long it was decided to be: a clock that is set back must not make it longer."""
    reason: Sentence = ""
    feature: Index | None = None
    """The one feature that waits; None for a limit or an outage, by which everything does."""
    is_judged: bool = True
    """False until it is decided how long a failure of the API is waited for."""


@record(frozen=True, kw_only=True)
class Stalls:
    """Turns of the session that ended without anything done."""

    place: Line = ""
    """What changes whenever the batch moves; ``""`` after a feature was given up for it."""
    blocks: Count = 0
    """In a row at this place."""
    row: Count = 0
    """In a row at all, without the batch moving."""
    features: Count = 0
    """Features in a row that were given up for it."""


@record(frozen=True, kw_only=True)
class Delivery:
    """Where commits go, as it was settled when the batch began."""

    commit: bool = False
    push: bool = False
    pull_request: bool = False
    close_issues: bool = False
    remote: Line = ""
    mode: BranchMode = "current"
    branch: Line = ""
    base: Line = ""
    message_style: MessageStyle = "conventional"
    """Of commits: conventional, or plain sentences where the project's own log has those."""


@record(frozen=True, kw_only=True)
class Batch:
    """A list of features on its way. Maps are by feature, from 0; people are shown numbers from 1."""

    version: Count = VERSION
    """Of the file's form; a file without it is of version 1."""
    batch_id: Identifier
    """``batch-YYYYMMDD-HHMMSS-ffffff`` (UTC), or letters, digits, ``.``, ``_``, ``-``, 100 at most."""
    features_file: str
    """Where the features came from, ``""`` when not from a file."""
    features: tuple[Feature, ...]
    current_index: Count = 0
    """Position in the execution order, for readers of the file; it never moves back."""
    status: Status = "in_progress"
    """``running`` in files of version 1 means ``in_progress``."""
    completed_features: tuple[Index, ...] = ()
    """Each at most once, in the order they were done."""
    failed_features: tuple[Failure, ...] = ()
    """At most one a feature; gone when a retry succeeds."""
    held: Mapping[int, Sentence] = {}
    """Features that wait for a person, or for one that failed, with the reason."""
    created_at: Time = ""
    """ISO 8601 in UTC, as every time is: ``2026-01-31T08:05:00.000000Z``."""
    updated_at: Time = ""
    source_type: Line = "file"
    """``file``, ``issues`` or ``request``."""
    state_file: str = ""
    """Its path as it was given when the batch was made."""
    feature_order: tuple[Index, ...] = ()
    """The execution order; what it leaves out comes last."""
    analysis_metadata: Mapping[str, object] = {}
    """What the analysis of dependencies counted, and when."""
    workflow_mode: Workflow = "auto-implement"
    """How a feature is worked: by an agent of its own, or in the main conversation."""
    sequence: Count = 0
    """Of the last transition; one more with each change."""
    owner: Owner | None = None
    open_attempts: Mapping[int, Attempt] = {}
    """The features at work."""
    attempts: Mapping[int, tuple[Attempt, ...]] = {}
    """Those that ended, in order."""
    retry_attempts: Mapping[int, Count] = {}
    """How often a feature was tried again; counted where failures are judged, and shown here."""
    git_operations: Mapping[int, Mapping[str, Operation]] = {}
    """What git and GitHub did for a feature: ``commit``, ``push``, ``pr``, ``issue_close``."""
    evidence: Mapping[int, Evidence] = {}
    check: Check | None = None
    """The command that proves a feature; null where there is none."""
    delivery: Delivery | None = None
    github_breaker: Mapping[str, object] | None = None
    """Whether GitHub is left alone for a while; null at rest."""
    notices: tuple[Sentence, ...] = ()
    """What the report says of the batch as a whole."""
    pause: Pause | None = None
    waits: tuple[Wait, ...] = ()
    """Until when nothing, or one feature, is begun, and why."""
    stalls: Stalls | None = None
    compactions: Count = 0
    """How often Claude's context was compacted."""
    workflow_reminder: Sentence = WORKFLOW_REMINDER
    """For readers of the file."""
    context_token_estimate: Count = 0
    """The sum of what callers of the documented functions reported."""
    auto_clear_count: Count = 0
    """Of early versions, as are the next three; kept when they are there."""
    auto_clear_events: tuple[Mapping[str, object], ...] = ()
    context_tokens_before_clear: Count | None = None
    paused_at_feature_index: Count | None = None

    @property
    def is_going(self) -> bool:
        return self.status == "in_progress"

    @property
    def is_over(self) -> bool:
        return self.status not in {"in_progress", "paused"}

    @property
    def failed(self) -> frozenset[int]:
        return frozenset(failure.feature_index for failure in self.failed_features)

    @property
    def closed(self) -> frozenset[int]:
        """Features that nothing is to be done for as things stand: done, failed or held."""
        return frozenset(self.completed_features) | self.failed | frozenset(self.held)

    @property
    def total(self) -> int:
        """How many features there are; their texts are not read for it."""
        return length_of(self, "features")

    @property
    def order(self) -> tuple[int, ...]:
        """The execution order with what it leaves out behind it."""
        total, stored = self.total, self.feature_order
        if len(stored) == total:
            return stored
        seen = frozenset(stored)
        return (*stored, *(index for index in range(total) if index not in seen))

    @property
    def features_files(self) -> frozenset[str]:
        """Where its features stand, which a person may go on writing in."""
        return frozenset((self.features_file, *(part.origin.rpartition(":")[0] for part in self.features)))

    @property
    def left(self) -> tuple[int, ...]:
        """Features that are not closed, in execution order."""
        closed = self.closed
        return tuple(index for index in self.order if index not in closed)

    def commit_of(self, index: int) -> Operation | None:
        """The commit that a feature has, None when none was made."""
        found = self.git_operations.get(index, {}).get("commit")
        return found if found is not None and found.success else None
