"""Each setting says what it is, and refuses what it can't be by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.errors import ConfigError
from batch_implement.system.settings.declared import BY_NAME, SETTINGS, Setting

NUMBER = Setting("WAIT", "seconds", "10", "How long.", bounds=(1, 3600))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_default_is_a_value_it_may_have(setting: Setting) -> None:
    setting.parse(setting.default, "the default")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_described_for_a_person(setting: Setting) -> None:
    assert setting.kind in {"bool", "text", "seconds", "choice"}
    assert setting.meaning.endswith(".")
    assert setting.name == setting.name.upper()
    assert setting.name.startswith(("AUTO_GIT_", "BATCH_"))
    assert bool(setting.choices) == (setting.kind == "choice")


def test_no_two_settings_share_a_name() -> None:
    assert len(BY_NAME) == len(SETTINGS)


@pytest.mark.parametrize("text", ["true", " TRUE ", "1", "yes", "On"])
def test_a_switch_is_switched_on_as_people_write_it(text: str) -> None:
    assert BY_NAME["AUTO_GIT_ENABLED"].parse(text, ".env") is True


@pytest.mark.parametrize("text", ["false", "False", "0", "no ", "off"])
def test_a_switch_is_switched_off_as_people_write_it(text: str) -> None:
    assert BY_NAME["AUTO_GIT_ENABLED"].parse(text, ".env") is False


@pytest.mark.parametrize("text", ["1", " 60 ", "3600", "0060"])
def test_a_number_within_its_bounds_is_taken(text: str) -> None:
    assert NUMBER.parse(text, ".env") == int(text)


@pytest.mark.parametrize(
    "text", ["", "0", "3601", "-5", "+5", "1.5", "1e3", "1_000", "ten", "٣", "²", "10 20", "0x10"]
)
def test_any_other_number_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="a whole number of seconds from 1 to 3600"):
        NUMBER.parse(text, ".env")


def test_a_number_of_a_million_digits_is_refused_and_shown_shortened() -> None:
    with pytest.raises(ConfigError) as caught:
        NUMBER.parse("9" * 1_000_000, ".env")
    assert len(str(caught.value)) < 200


@given(st.sampled_from(SETTINGS), st.text(max_size=30))
def test_any_value_is_taken_or_refused_by_name(setting: Setting, text: str) -> None:
    try:
        setting.parse(text, ".env")
    except ConfigError as error:
        refusal = str(error)
        if not refusal.startswith(f"{setting.name} in .env is "):
            raise
