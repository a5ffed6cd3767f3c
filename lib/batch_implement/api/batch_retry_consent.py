"""The documented calls on the consent to retry: ``BATCH_RETRY_ENABLED``, the stored answer, the question."""

from __future__ import annotations

from pathlib import Path

from batch_implement.presentation.consents import FIRST_RUN
from batch_implement.system.settings.config import load_config
from batch_implement.system.settings.consent import RETRIES, Consent, consent, store_answer
from batch_implement.system.settings.user_state import UserState

FIRST_RUN_TEXT = FIRST_RUN[RETRIES].text
QUESTION = FIRST_RUN[RETRIES].question


def retry_consent(root: Path) -> Consent:
    """What was agreed for the project in ``root``; ``ASK`` where nobody has said anything yet."""
    return consent(RETRIES, load_config(root), UserState(Path.home()).read())


def store_retry_consent(granted: bool) -> None:
    """Keep the answer in ``~/.autonomous-dev/user_state.json``."""
    store_answer(RETRIES, UserState(Path.home()), granted=granted)
