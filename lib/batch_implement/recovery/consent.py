"""Whether features may be retried without being asked each time.

The setting comes first, then what the user answered before, then the question. A headless session can't
ask: there an open question means no for this run, and nothing is stored.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.system.settings.user_state import UserState

SETTING = "BATCH_RETRY_ENABLED"
STORED_KEY = "batch_retry_enabled"

FIRST_RUN_TEXT = """\
╔══════════════════════════════════════════════════════════════╗
║                                                              ║
║  🔄 Automatic Retry for /batch-implement (NEW)              ║
║                                                              ║
║  Automatic retry enabled for transient failures:            ║
║    ✓ Network errors                                         ║
║    ✓ API rate limits                                        ║
║    ✓ Temporary service failures                             ║
║                                                              ║
║  Max 3 retries per feature (prevents infinite loops)        ║
║  Circuit breaker after 5 consecutive failures (safety)      ║
║                                                              ║
║  HOW TO DISABLE:                                            ║
║    Add to .env: BATCH_RETRY_ENABLED=false                   ║
║                                                              ║
╚══════════════════════════════════════════════════════════════╝
"""

QUESTION = "Retry features that fail for passing reasons, in this and later batches?"
UNANSWERED_HEADLESS = (
    f"Nobody has been asked yet whether failed features may be retried, so they are not in this run. "
    f"Set {SETTING}=true or false to settle it."
)


class Consent(Enum):
    GRANTED = "granted"
    REFUSED = "refused"
    ASK = "ask"


def consent(config_value: bool | None, user_state: Mapping[str, object]) -> Consent:
    """``config_value`` is the setting, None where there is none. A stored answer must be true or false."""
    answer = config_value if config_value is not None else user_state.get(STORED_KEY)
    if not isinstance(answer, bool):
        return Consent.ASK
    return Consent.GRANTED if answer else Consent.REFUSED


def consent_for_session(
    config_value: bool | None, user_state: Mapping[str, object], *, headless: bool
) -> Consent:
    """As :func:`consent`, but a headless session never gets to ask."""
    found = consent(config_value, user_state)
    return Consent.REFUSED if headless and found is Consent.ASK else found


def store_answer(user: UserState, *, granted: bool) -> None:
    """Keep the answer for later runs, beside what other programs keep there."""
    user.update({STORED_KEY: granted})
