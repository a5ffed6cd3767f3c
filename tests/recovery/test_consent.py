"""Whether retrying is wanted: the setting, the stored answer, the question, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.recovery.consent import (
    FIRST_RUN_TEXT,
    Consent,
    consent,
    consent_for_session,
    store_answer,
)
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("setting", "stored", "expected"),
    [
        (True, {}, Consent.GRANTED),
        (False, {}, Consent.REFUSED),
        # the setting over the answer
        (True, {"batch_retry_enabled": False}, Consent.GRANTED),
        (False, {"batch_retry_enabled": True}, Consent.REFUSED),
        # the answer over the question
        (None, {"batch_retry_enabled": True}, Consent.GRANTED),
        (None, {"batch_retry_enabled": False}, Consent.REFUSED),
        (None, {}, Consent.ASK),
        (None, {"something_else": True}, Consent.ASK),
        # an answer that is none
        (None, {"batch_retry_enabled": "yes"}, Consent.ASK),
        (None, {"batch_retry_enabled": 1}, Consent.ASK),
        (None, {"batch_retry_enabled": None}, Consent.ASK),
    ],
)
def test_what_was_agreed(setting: bool | None, stored: dict[str, object], expected: Consent) -> None:
    assert consent(setting, stored) is expected
    assert consent_for_session(setting, stored, headless=False) is expected


def test_a_headless_session_never_asks_and_takes_no_answer_for_no() -> None:
    assert consent_for_session(None, {}, headless=True) is Consent.REFUSED
    assert consent_for_session(True, {}, headless=True) is Consent.GRANTED
    assert consent_for_session(None, {"batch_retry_enabled": True}, headless=True) is Consent.GRANTED


@pytest.mark.parametrize("granted", [True, False])
def test_an_answer_is_asked_for_once(granted: bool, tmp_path: Path) -> None:
    user = UserState(tmp_path)
    assert consent(None, user.read()) is Consent.ASK
    store_answer(user, granted=granted)
    assert consent(None, user.read()) is (Consent.GRANTED if granted else Consent.REFUSED)


def test_the_first_run_text_says_how_to_switch_it_off() -> None:
    assert "Add to .env: BATCH_RETRY_ENABLED=false" in FIRST_RUN_TEXT
    assert "Max 3 retries per feature" in FIRST_RUN_TEXT
