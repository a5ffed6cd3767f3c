"""Answers given once for all projects."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import PathError
from batch_implement.system import clock
from batch_implement.system.settings.user_state import UserState

if TYPE_CHECKING:
    from pathlib import Path


def _file(home: Path) -> Path:
    return home / ".autonomous-dev" / "user_state.json"


def test_without_a_file_there_are_no_answers_and_nothing_is_made(tmp_path: Path) -> None:
    assert UserState(tmp_path).read() == {}
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_kept_in_a_private_file(tmp_path: Path) -> None:
    UserState(tmp_path).update({"batch_retry_enabled": True})
    assert UserState(tmp_path).read() == {"batch_retry_enabled": True}
    assert _file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_answers_of_other_programs_stay(tmp_path: Path) -> None:
    _file(tmp_path).parent.mkdir()
    _file(tmp_path).write_text(json.dumps({"first_run": False, "nested": {"a": [1]}}))
    _file(tmp_path).chmod(0o644)
    UserState(tmp_path).update({"batch_retry_enabled": False})
    assert UserState(tmp_path).read() == {
        "first_run": False,
        "nested": {"a": [1]},
        "batch_retry_enabled": False,
    }
    assert _file(tmp_path).stat().st_mode & 0o777 == 0o600


def _asides(home: Path) -> list[Path]:
    return sorted(_file(home).parent.glob("user_state.json.corrupt-*"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": NaN}', '{"a": 1, "a": 2}', "\udcff"])
def test_an_unreadable_file_is_set_aside_and_not_deleted(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _file(tmp_path).parent.mkdir()
    _file(tmp_path).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert UserState(tmp_path).read() == {}
    monkeypatch.setattr(clock, "utc_now", lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc))
    UserState(tmp_path).update({"answer": 1})
    [aside] = _asides(tmp_path)
    assert aside.name == "user_state.json.corrupt-20260102T030405000000"
    assert aside.read_bytes() == content.encode("utf-8", "surrogateescape")
    assert UserState(tmp_path).read() == {"answer": 1}


def test_a_second_unreadable_file_of_the_same_instant_overwrites_no_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "utc_now", lambda: datetime(2026, 1, 2, tzinfo=timezone.utc))
    for number in range(3):
        UserState(tmp_path).update({})
        _file(tmp_path).write_text(f"rubbish {number}")
        UserState(tmp_path).update({})
    assert {aside.read_text() for aside in _asides(tmp_path)} == {"rubbish 0", "rubbish 1", "rubbish 2"}


def test_an_unreadable_file_gets_the_time_of_the_day_in_its_name(tmp_path: Path) -> None:
    UserState(tmp_path).update({})
    _file(tmp_path).write_text("rubbish")
    UserState(tmp_path).update({})
    assert _asides(tmp_path)[0].name.startswith("user_state.json.corrupt-2")


@pytest.mark.parametrize("which", ["folder", "file"])
def test_a_symlink_is_refused_for_reading_and_writing(which: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "user_state.json").write_text("{}")
    if which == "folder":
        _file(tmp_path).parent.symlink_to(elsewhere)
    else:
        _file(tmp_path).parent.mkdir()
        _file(tmp_path).symlink_to(elsewhere / "user_state.json")
    with pytest.raises(PathError, match="symlink"):
        UserState(tmp_path).read()
    with pytest.raises(PathError, match="symlink"):
        UserState(tmp_path).update({"answer": 1})
    assert (elsewhere / "user_state.json").read_text() == "{}"


def test_concurrent_answers_are_all_kept(tmp_path: Path) -> None:
    def answer(number: int) -> None:
        UserState(tmp_path).update({f"key{number}": number})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(40)))
    assert len(UserState(tmp_path).read()) == 40
