"""Why the engine does not do what it was asked for. Values: the sentences are where they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from batch_implement.errors import BatchImplementError
from batch_implement.model.record import record

if TYPE_CHECKING:
    from batch_implement.model.batch import Pause
    from batch_implement.model.kinds import MessageStyle, Sentence, Status


class RefusedError(BatchImplementError):
    """Something was refused inside of the engine; its entry points return it as an outcome."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


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
    number: int


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
class WeakerChecks:
    number: int
    lines: tuple[Sentence, ...]


@record(frozen=True, kw_only=True)
class CheckFailed:
    number: int
    command: str
    exit_code: int
    timed_out: bool = False
    seconds: float = 0.0
    output: str = ""


@record(frozen=True, kw_only=True)
class FewerTests:
    """``after`` is None where the check no longer says how many it ran."""

    number: int
    command: str
    before: int
    after: int | None = None


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
    "StrangerSession | OwnerIsAlive | BatchAtWork | OtherBatch | NothingToResume | NotGoing | WorkGoesOn"
    " | CannotStart | NoSuchFeature | NotAtWork | UnusableMessage | NothingChanged | UsersFilesTouched"
    " | ChangedMeanwhile | SettingsChanged | PathsHeld | WeakerChecks | CheckFailed | FewerTests"
    " | CommitRefused | FoundByReviewer"
)
