"""An audit log: one ASCII line a record, whoever writes and whatever fails."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.system.canaries import CANARIES

import batch_implement
from batch_implement.errors import LockError, PathError
from batch_implement.system.files import audit_log
from batch_implement.system.files.audit_log import append_record, read_records
from batch_implement.system.files.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = "log.jsonl"
LIB = str(Path(batch_implement.__file__).parent.parent)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Folder.open(tmp_path) as opened:
        yield opened


def test_records_come_back_in_order(folder: Folder, tmp_path: Path) -> None:
    for number in range(3):
        append_record(folder, LOG, {"n": number, "list": [1, "x", None, {"k": 1.5}]})
    assert [record["n"] for record in read_records(folder, LOG)] == [0, 1, 2]
    assert (tmp_path / LOG).stat().st_mode & 0o777 == 0o600


def test_no_log_is_no_records(folder: Folder) -> None:
    assert read_records(folder, LOG) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text())
def test_no_text_forges_a_line(folder: Folder, text: str) -> None:
    before = len(read_records(folder, LOG))
    append_record(folder, LOG, {"error": text})
    data = folder.read(LOG)
    assert data.isascii()
    assert data.count(b"\n") == before + 1
    assert len(read_records(folder, LOG)) == before + 1


def test_no_secret_is_written(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "swordfish")
    texts = [text for text, _ in CANARIES.values()]
    record = {"error": "\n".join(texts), "more": {"list": texts}, "known": "it was swordfish"}
    append_record(folder, LOG, record)
    written = json.dumps(read_records(folder, LOG), ensure_ascii=False)
    assert not [kind for kind, (_, secret) in CANARIES.items() if secret in written]
    assert "swordfish" not in written


def test_a_line_cut_off_by_a_full_disk_spoils_no_other(folder: Folder, tmp_path: Path) -> None:
    append_record(folder, LOG, {"n": 1})
    with (tmp_path / LOG).open("a") as log:
        log.write('{"n": 2, "half')
    append_record(folder, LOG, {"n": 3})
    assert [record["n"] for record in read_records(folder, LOG)] == [1, 3]


def test_a_log_that_is_a_symlink_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / LOG).symlink_to("elsewhere")
    with pytest.raises(PathError, match="symlink"):
        append_record(folder, LOG, {"n": 1})
    assert not (tmp_path / "elsewhere").exists()


def test_a_log_that_stays_locked_is_an_error_and_not_a_hang(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "_LOCK_SECONDS", 0.01)
    with (tmp_path / LOG).open("w") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        with pytest.raises(LockError, match=r"log\.jsonl is locked"):
            append_record(folder, LOG, {"n": 1})


@pytest.mark.slow
def test_long_lines_of_many_processes_stay_whole(folder: Folder, tmp_path: Path) -> None:
    code = f"""
import sys; sys.path.insert(0, {LIB!r})
from pathlib import Path
from batch_implement.system.files.audit_log import append_record
from batch_implement.system.files.folder import Folder
with Folder.open(Path({str(tmp_path)!r})) as folder:
    for number in range(20):
        append_record(folder, {LOG!r}, {{"who": sys.argv[1], "n": number, "text": "x " * 10000}})
"""
    processes = [subprocess.Popen([sys.executable, "-I", "-c", code, str(who)]) for who in range(16)]
    assert [process.wait(120) for process in processes] == [0] * 16
    records = read_records(folder, LOG)
    assert sorted((str(record["who"]), record["n"]) for record in records) == sorted(
        (str(who), number) for who in range(16) for number in range(20)
    )
    assert len(folder.read(LOG).splitlines()) == 320


def test_a_name_that_is_not_utf_8_does_not_make_its_record_unreadable(folder: Folder) -> None:
    append_record(folder, LOG, {"file": "caf\udce9"})
    assert read_records(folder, LOG) == [{"file": "caf?"}]
