"""What a person has agreed to: the setting, the stored answer, the question, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.system.settings.config import load_config
from batch_implement.system.settings.consent import GIT, RETRIES, Consent, consent, store_answer
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from pathlib import Path

SUBJECTS = pytest.mark.parametrize("subject", [RETRIES, GIT], ids=lambda subject: subject)


@SUBJECTS
@pytest.mark.parametrize(
    ("setting", "stored", "expected"),
    [
        ("true", None, Consent.GRANTED),
        ("false", None, Consent.REFUSED),
        # the setting over the answer
        ("true", False, Consent.GRANTED),
        ("false", True, Consent.REFUSED),
        # the answer over the question
        (None, True, Consent.GRANTED),
        (None, False, Consent.REFUSED),
        # an answer that is none
        (None, None, Consent.ASK),
        (None, "yes", Consent.ASK),
        (None, 1, Consent.ASK),
    ],
)
def test_what_was_agreed(
    subject: str, setting: str | None, stored: object, expected: Consent, tmp_path: Path
) -> None:
    config = load_config(tmp_path, {} if setting is None else {subject: setting})
    assert consent(subject, config, {subject.lower(): stored}) is expected


@SUBJECTS
def test_somebody_elses_answers_are_none(subject: str, tmp_path: Path) -> None:
    assert consent(subject, load_config(tmp_path, {}), {"something_else": True}) is Consent.ASK


@SUBJECTS
@pytest.mark.parametrize("granted", [True, False])
def test_an_answer_is_asked_for_once(subject: str, granted: bool, tmp_path: Path) -> None:
    config, user = load_config(tmp_path, {}), UserState(tmp_path)
    assert consent(subject, config, user.read()) is Consent.ASK
    store_answer(subject, user, granted=granted)
    assert consent(subject, config, user.read()) is (Consent.GRANTED if granted else Consent.REFUSED)


def test_the_answers_are_kept_apart(tmp_path: Path) -> None:
    config, user = load_config(tmp_path, {}), UserState(tmp_path)
    store_answer(GIT, user, granted=True)
    assert consent(RETRIES, config, user.read()) is Consent.ASK
