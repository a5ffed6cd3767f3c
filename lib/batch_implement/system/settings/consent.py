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


@dataclass(frozen=True)
class Subject:
    """What is asked about; the words of it are in :mod:`batch_implement.presentation.consents`.

    ``setting`` is true or false, ``stored_key`` is where the answer is kept for later runs.
    """

    setting: str
    stored_key: str


RETRIES = Subject("BATCH_RETRY_ENABLED", "batch_retry_enabled")
GIT = Subject("AUTO_GIT_ENABLED", "auto_git_enabled")


def consent(subject: Subject, config: Config, answers: Mapping[str, object]) -> Consent:
    """A stored answer must be true or false; anything else is none."""
    if config.is_set(subject.setting):
        return Consent.GRANTED if config.flag(subject.setting) else Consent.REFUSED
    answer = answers.get(subject.stored_key)
    if not isinstance(answer, bool):
        return Consent.ASK
    return Consent.GRANTED if answer else Consent.REFUSED


def store_answer(subject: Subject, user: UserState, *, granted: bool) -> None:
    """Keep the answer for later runs, beside what other programs keep there."""
    user.update({subject.stored_key: granted})
