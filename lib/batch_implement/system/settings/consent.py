"""What a person has agreed to: the setting comes first, then the stored answer, then the question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.system.settings.config import Config
    from batch_implement.system.settings.user_state import UserState


class Consent(Enum):
    GRANTED = "granted"
    REFUSED = "refused"
    ASK = "ask"
    """Nobody has said anything yet."""


@dataclass(frozen=True)
class Subject:
    """What is asked about; the words of it are in :mod:`batch_implement.presentation.consents`.

    ``setting`` is true or false, ``stored_key`` is where the answer is kept for later runs.
    """

    setting: str
    stored_key: str


RETRIES = Subject("BATCH_RETRY_ENABLED", "batch_retry_enabled")
GIT = Subject("AUTO_GIT_ENABLED", "auto_git_enabled")


@dataclass(frozen=True)
class InForce:
    """``origin`` is where it stands: the setting's, ``answered`` for one that was kept, ``default``."""

    consent: Consent
    origin: str


ANSWERED = "answered"


def consent(subject: Subject, config: Config, answers: Mapping[str, object]) -> Consent:
    """A stored answer must be true or false; anything else is none."""
    return in_force(subject, config, answers).consent


def in_force(subject: Subject, config: Config, answers: Mapping[str, object]) -> InForce:
    """The same, with where it stands."""
    if config.is_set(subject.setting):
        return InForce(_consent(config.flag(subject.setting)), config.origins[subject.setting])
    answer = answers.get(subject.stored_key)
    return InForce(_consent(answer), ANSWERED if isinstance(answer, bool) else "default")


def _consent(answer: object) -> Consent:
    if not isinstance(answer, bool):
        return Consent.ASK
    return Consent.GRANTED if answer else Consent.REFUSED


def store_answer(subject: Subject, user: UserState, *, granted: bool) -> None:
    """Keep the answer for later runs, beside what other programs keep there."""
    user.update({subject.stored_key: granted})
