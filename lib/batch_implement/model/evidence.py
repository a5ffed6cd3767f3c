"""What the state keeps of a feature that has ended, and of its way out."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.kinds import Count, Index, Line, Sentence, Time


@record(frozen=True, kw_only=True)
class ChangedExpectation:
    """A test, or a file of the check, that the worker said to be changed by what was asked for."""

    test: Line
    why: Sentence
    diff: str = ""
    """Old and new lines, behind the name of their file."""


@record(frozen=True, kw_only=True)
class Evidence:
    """What showed that a feature is done, or what became of one that failed."""

    check: Sentence | None = None
    exit_code: int | None = None
    tests_before: Count | None = None
    tests_after: Count | None = None
    skipped: Count | None = None
    counts: Mapping[str, Count] = {}
    """How many tests of each kind there were: the next feature's are compared with them."""
    results: Line = ""
    """The file that has them by name, while the feature is at work."""
    seconds: float | None = None
    """How long the check took."""
    worked_seconds: float | None = None
    commit: Line = ""
    no_change: Sentence = ""
    """Why nothing had to change."""
    weaker: tuple[Sentence, ...] = ()
    """By what its checks say less than before."""
    changed: tuple[ChangedExpectation, ...] = ()
    """What was expected before, fails on the new code, and was named with the reason."""
    looser: tuple[Sentence, ...] = ()
    """Where less strictly is looked at the code: suppressions, thresholds, rules."""
    gone: tuple[Line, ...] = ()
    """Tests that went; their old version passes."""
    kind: Line = ""
    """What kind of change it is, by what was changed: ``feature``, ``documentation``, …"""
    shown_by: tuple[Line, ...] = ()
    """Tests that fail without it."""
    unshown: bool = False
    """No test shows it, though its kind asks for one."""
    by_reading: Sentence = ""
    """Why the old tests were not run on the new code, so that only lines were compared."""
    accepted: Sentence = ""
    """Why a person accepts that."""
    allowed: tuple[Sentence, ...] = ()
    """What was held and a person let through."""
    beside: tuple[Sentence, ...] = ()
    """What lay beside the tree that was committed, ignored or hidden: the check passes without it."""
    said: Sentence = ""
    """What its worker said last."""
    found: tuple[Sentence, ...] = ()
    """What a reviewer found and was not mended."""
    reviewed: bool | None = None
    """Whether a reviewer gave a verdict; None where none was asked for."""
    needs: Sentence = ""
    """What a person has to do, where it could not be done from here."""
    remade: tuple[Line, ...] = ()
    """The worker's own commits, which were made again as one."""
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
