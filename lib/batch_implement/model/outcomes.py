"""What a step of the engine came to. Values: what is said of them is decided where they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from batch_implement.model.record import record

if TYPE_CHECKING:
    from batch_implement.model.batch import Batch, Pause, Wait
    from batch_implement.model.kinds import Sentence
    from batch_implement.model.refusals import Refusal


@record(frozen=True, kw_only=True)
class FeatureDone:
    """``commit`` is ``""`` where nothing was committed. Numbers of features are from 1 in all of these."""

    number: int
    commit: str = ""


@record(frozen=True, kw_only=True)
class AlreadyDone:
    number: int


@record(frozen=True, kw_only=True)
class CommitAdopted:
    """A commit that was made before a crash has been recorded."""

    number: int
    commit: str


@record(frozen=True, kw_only=True)
class TriedAgain:
    number: int
    reason: Sentence


@record(frozen=True, kw_only=True)
class GivenUp:
    number: int
    reason: Sentence
    kept_on: str = ""


News: TypeAlias = "FeatureDone | AlreadyDone | CommitAdopted | TriedAgain | GivenUp"
"""What has just happened to a feature."""


@record(frozen=True, kw_only=True)
class CheckRuns:
    """``is_first``: before any feature has begun."""

    command: str
    is_first: bool = False


@record(frozen=True, kw_only=True)
class TimeRuns:
    """``is_woken``: a hook beside the session keeps the time."""

    wait: Wait
    is_woken: bool = False


@record(frozen=True, kw_only=True)
class WorkerRuns:
    number: int


@record(frozen=True, kw_only=True)
class ReviewWanted:
    """A reviewer is to be started."""

    number: int


Cause: TypeAlias = "CheckRuns | TimeRuns | WorkerRuns | ReviewWanted"
"""What is waited for."""


@record(frozen=True, kw_only=True)
class Assigned:
    """There is a feature to work on."""

    batch: Batch
    news: tuple[News, ...] = ()


@record(frozen=True, kw_only=True)
class Waiting:
    """The same call is to be made again."""

    cause: Cause


@record(frozen=True, kw_only=True)
class Paused:
    """Nothing goes on until a person acts."""

    pause: Pause


@record(frozen=True, kw_only=True)
class Ended:
    """``is_news``: it has ended with this step."""

    batch: Batch
    is_news: bool = False


@record(frozen=True, kw_only=True)
class Refused:
    """Nothing was done, or not what was asked for."""

    refusal: Refusal


Outcome: TypeAlias = "Assigned | Waiting | Paused | Ended | Refused"
