"""What a person has agreed to: the setting comes first, then the stored answer, then the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from batch_implement.system.settings.config import Config
from batch_implement.system.settings.user_state import UserState


class Consent(Enum):
    GRANTED = "granted"
    REFUSED = "refused"
    ASK = "ask"
    """Nobody has said anything yet."""


# What is asked about, by its setting; an answer is stored under the same name in lower case. The words of it
# are in batch_implement.presentation.consents.
RETRIES = "BATCH_RETRY_ENABLED"
GIT = "AUTO_GIT_ENABLED"


@dataclass(frozen=True)
class InForce:
    """``origin`` is where it stands: the setting's, ``answered`` for one that was kept, ``default``."""

    consent: Consent
    origin: str


ANSWERED = "answered"


def consent(subject: str, config: Config, answers: Mapping[str, object]) -> Consent:
    """A stored answer must be true or false; anything else is none."""
    return in_force(subject, config, answers).consent


def in_force(subject: str, config: Config, answers: Mapping[str, object]) -> InForce:
    """The same, with where it stands."""
    if config.is_set(subject):
        return InForce(_consent(config.flag(subject)), config.origins[subject])
    answer = answers.get(subject.lower())
    return InForce(_consent(answer), ANSWERED if isinstance(answer, bool) else "default")


def _consent(answer: object) -> Consent:
    if not isinstance(answer, bool):
        return Consent.ASK
    return Consent.GRANTED if answer else Consent.REFUSED


def store_answer(subject: str, user: UserState, *, granted: bool) -> None:
    user.update({subject.lower(): granted})
