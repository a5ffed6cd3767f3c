"""Why the engine does not do what it was asked for. Values: the sentences are where they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from batch_implement.errors import BatchImplementError
from batch_implement.model.named_tests import LostTest, OpenTest
from batch_implement.model.record import record

if TYPE_CHECKING:
    from batch_implement.model.batch import Pause
    from batch_implement.model.kinds import Doubt, MessageStyle, Sentence, Status


class RefusedError(BatchImplementError):
    """Something was refused inside of the engine; its entry points return it as an outcome."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


@record(frozen=True, kw_only=True)
class PersonsOnly:
    """A person does that, and it can't be told that one has."""

    command: str
    doubt: Doubt


@record(frozen=True, kw_only=True)
class StrangerSession:
    """The batch belongs to another session."""


@record(frozen=True, kw_only=True)
class OwnerIsAlive:
    """The batch is to be resumed, and the session that owns it still runs."""


@record(frozen=True, kw_only=True)
class BatchAtWork:
    """Another batch can't begin."""

    batch_id: str
    status: Status


@record(frozen=True, kw_only=True)
class OtherBatch:
    """The batch that was named is not the one in this project."""

    current: str
    asked: str


@record(frozen=True, kw_only=True)
class NothingToResume:
    batch_id: str
    status: Status


@record(frozen=True, kw_only=True)
class NotGoing:
    """The batch is paused or over."""

    status: Status
    pause: Pause | None = None


@record(frozen=True, kw_only=True)
class WorkGoesOn:
    """The batch is to be ended while feature ``number`` (from 1) of ``total`` is being worked on."""

    number: int
    total: int
    by_agent: bool = False


@record(frozen=True, kw_only=True)
class CannotStart:
    reasons: tuple[Sentence, ...]


@record(frozen=True, kw_only=True)
class NoSuchFeature:
    """``number`` is what was asked for, from 1."""

    number: int
    total: int


@record(frozen=True, kw_only=True)
class NotAtWork:
    """The feature is not being worked on; ``current`` is the one that is, or comes next."""

    number: int
    current: int | None = None


@record(frozen=True, kw_only=True)
class UnusableMessage:
    problems: tuple[Sentence, ...]
    style: MessageStyle = "conventional"


@record(frozen=True, kw_only=True)
class NothingChanged:
    """``says_nothing``: white space, comments, empty files or modes did change."""

    number: int
    says_nothing: bool = False


@record(frozen=True, kw_only=True)
class UsersFilesTouched:
    """What the user had uncommitted before was changed; the two can't be told apart."""

    number: int
    paths: tuple[str, ...]


@record(frozen=True, kw_only=True)
class ChangedMeanwhile:
    """Files changed while they were being checked."""

    number: int


@record(frozen=True, kw_only=True)
class BranchLeft:
    """Another branch is checked out than the one the feature began on; ``now`` is ``""`` on a detached HEAD,
    ``head`` is the commit there where it is another than the feature's first."""

    number: int
    branch: str
    now: str
    head: str = ""


@record(frozen=True, kw_only=True)
class CommitsMerged:
    """The worker has merged: what came in by that is not the feature's, and can't be told apart."""

    number: int
    merge: str
    base: str


@record(frozen=True, kw_only=True)
class CommitsPushed:
    """Somebody has pushed what was committed since the feature began; ``where`` names remotes' branches."""

    number: int
    commits: tuple[str, ...]
    where: tuple[str, ...]


@record(frozen=True, kw_only=True)
class SettingsChanged:
    """The repository's own settings; ``names`` are what ``--allow`` takes."""

    number: int
    lines: tuple[Sentence, ...]
    names: tuple[str, ...]


@record(frozen=True, kw_only=True)
class PathsHeld:
    """Secrets, big files or repositories among what would be committed."""

    number: int
    lines: tuple[Sentence, ...]


@record(frozen=True, kw_only=True)
class IgnoredFiles:
    """Files that git ignores, and a check may need, are new or changed since the feature began."""

    number: int
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@record(frozen=True, kw_only=True)
class WeakerChecks:
    """By their lines; ``handling`` is as for :class:`ChangedTests`."""

    number: int
    lines: tuple[Sentence, ...]
    handling: str = "report"


@record(frozen=True, kw_only=True)
class CheckFailed:
    number: int
    command: str
    exit_code: int
    timed_out: bool = False
    seconds: float = 0.0
    output: str = ""
    failed: tuple[str, ...] = ()
    """The tests that failed, where they are known by name."""
    failures: int = 0
    """How many failed, named or not."""
    cut_off: Sentence = ""
    """Why it ended before its last test, where its exit status said success."""


@record(frozen=True, kw_only=True)
class LostTests:
    """Tests passed before the feature and don't any more, although the check passes."""

    number: int
    command: str
    tests: tuple[LostTest, ...]


@record(frozen=True, kw_only=True)
class ChangedTests:
    """Tests pass on the code as it was, and not on the feature's; ``files`` make the check come out
    otherwise.

    ``handling`` is what becomes of those that are named: ``report``, ``hold`` (a person's to say) or
    ``refuse``.
    """

    number: int
    tests: tuple[OpenTest, ...] = ()
    files: tuple[OpenTest, ...] = ()
    handling: str = "report"


@record(frozen=True, kw_only=True)
class ShownByNoTest:
    """No test fails without the feature, and one is asked for."""

    number: int


@record(frozen=True, kw_only=True)
class TreeFails:
    """The check passes here, and not on what would be committed. ``apart`` are paths that only the working
    tree has as they are, ``hidden`` says what git was told not to look at; ``tests`` pass only here."""

    number: int
    command: str
    output: str
    apart: tuple[str, ...] = ()
    hidden: tuple[Sentence, ...] = ()
    tests: tuple[str, ...] = ()


@record(frozen=True, kw_only=True)
class SilentRunners:
    """The check passes, and these runners no longer tell which tests they ran."""

    number: int
    command: str
    runners: tuple[str, ...]


@record(frozen=True, kw_only=True)
class FewerTests:
    """Fewer tests pass than before, in a check that names none; of them ``skipped`` are skipped now.

    ``after`` is None where it no longer says how many.
    """

    number: int
    command: str
    before: int
    after: int | None = None
    skipped: int = 0


@record(frozen=True, kw_only=True)
class CommitRefused:
    """The user's hooks, or git's rules for messages, refused the commit; ``why`` is what they said."""

    number: int
    why: Sentence


@record(frozen=True, kw_only=True)
class FoundByReviewer:
    """``lines`` are ``file:line: problem``."""

    number: int
    lines: tuple[Sentence, ...]


Refusal: TypeAlias = (
    "PersonsOnly | StrangerSession | OwnerIsAlive | BatchAtWork | OtherBatch | NothingToResume | NotGoing"
    " | WorkGoesOn | CannotStart | NoSuchFeature | NotAtWork | UnusableMessage | NothingChanged"
    " | UsersFilesTouched | ChangedMeanwhile | BranchLeft | CommitsMerged | CommitsPushed | SettingsChanged"
    " | PathsHeld | IgnoredFiles | WeakerChecks | CheckFailed | LostTests | ChangedTests | ShownByNoTest"
    " | TreeFails | SilentRunners | FewerTests | CommitRefused | FoundByReviewer"
)
