"""The first-run texts say what is asked and how to switch it off."""

from __future__ import annotations

import pytest

from batch_implement.presentation.consents import FIRST_RUN
from batch_implement.system.settings.consent import GIT, RETRIES


@pytest.mark.parametrize("subject", [RETRIES, GIT], ids=lambda subject: subject)
def test_a_first_run_text_says_how_to_switch_it_off(subject: str) -> None:
    assert f"Add to .env: {subject}=false" in FIRST_RUN[subject].text
    assert FIRST_RUN[subject].question.endswith("?")


def test_the_text_on_retries_says_how_many() -> None:
    assert "Max 3 retries per feature" in FIRST_RUN[RETRIES].text
