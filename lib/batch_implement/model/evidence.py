"""What the state keeps of a feature that has ended, and of its way out."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.kinds import Count, Index, Line, Sentence, Time


@record(frozen=True, kw_only=True)
class Evidence:
    """What showed that a feature is done, or what became of one that failed."""

    check: Sentence | None = None
    exit_code: int | None = None
    tests_before: Count | None = None
    tests_after: Count | None = None
    skipped: Count | None = None
    seconds: float | None = None
    """How long the check took."""
    worked_seconds: float | None = None
    commit: Line = ""
    no_change: Sentence = ""
    """Why nothing had to change."""
    weaker: tuple[Sentence, ...] = ()
    """By what its checks say less than before."""
    accepted: Sentence = ""
    """Why a person accepts that."""
    allowed: tuple[Sentence, ...] = ()
    """What was held and a person let through."""
    said: Sentence = ""
    """What its worker said last."""
    found: tuple[Sentence, ...] = ()
    """What a reviewer found and was not mended."""
    reviewed: bool | None = None
    """Whether a reviewer gave a verdict; None where none was asked for."""
    needs: Sentence = ""
    """What a person has to do, where it could not be done from here."""
    not_retried: Sentence = ""
    kept_on: Line = ""
    """The branch that has the work of a feature that failed."""


@record(frozen=True, kw_only=True)
class Failure:
    """A feature that has failed."""

    feature_index: Index
    error_message: Sentence
    timestamp: Time
    retry_count: Count | None = None


@record(frozen=True, kw_only=True)
class Operation:
    """What git or GitHub did for a feature."""

    success: bool
    timestamp: Time
    sha: Line = ""
    branch: Line = ""
    remote: Line = ""
    number: Count | None = None
    url: Line = ""
    error: Sentence = ""
    files: tuple[str, ...] = ()
    """Of a commit: the paths it changed."""
    outcome: Line = ""
    """Of a push that failed: how."""
    base: Line = ""
    """Of a pull request, as are the next two."""
    draft: bool = False
    state: Line = ""
    """Where it is not ``open`` any more."""
    skipped: bool = False
    """Of an issue, as is the next: nothing was tried."""
    already_closed: bool = False
    """Somebody else had closed it."""
