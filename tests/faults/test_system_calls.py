"""Every change of the state, with each of its system calls killed or failing."""

from __future__ import annotations

import os
import re
import resource
from typing import TYPE_CHECKING

import pytest
from tests.batch_projects import begun, temporary_files
from tests.decisions import completed, counted
from tests.faults.system_calls import CHANGES, Call, require_strace, run_with, trace

from batch_implement.errors import BatchImplementError
from batch_implement.state.state_file import StateFile

if TYPE_CHECKING:
    from pathlib import Path

    Seen = tuple[tuple[int, ...], int, str]

pytestmark = pytest.mark.slow

# Everything: each call of each change, with each error it may meet. About ten minutes.
THOROUGH = os.environ.get("BATCH_IMPLEMENT_TEST_EVERY_CALL") == "true"
ERRORS = {
    "openat": ["EMFILE", "EACCES", "EIO", "ENOSPC", "EROFS", "EDQUOT"],
    "read": ["EIO"],
    "pread64": ["EIO"],
    "writev": ["ENOSPC", "EIO", "EDQUOT", "EFBIG"],
    "pwrite64": ["ENOSPC", "EIO", "EDQUOT"],
    "fsync": ["EIO", "ENOSPC", "EDQUOT"],
    "renameat": ["EIO", "ENOSPC", "EROFS", "EACCES"],
    "linkat": ["EIO", "EPERM", "ENOSPC", "EMLINK"],
    "unlinkat": ["EIO", "EROFS", "EACCES"],
    "mkdirat": ["ENOSPC", "EROFS", "EACCES"],
    "flock": ["ENOLCK", "EIO"],
    "newfstatat": ["EIO", "EACCES"],
    "fstat": ["EIO"],
    "getdents64": ["EIO"],
    "close": ["EIO"],
}
_CHANGES_NOTHING = {"read", "pread64", "fstat", "newfstatat", "getdents64", "close"}
_SENTENCE = re.compile(r"[A-Z/].*\.\n", re.DOTALL)


def prepare(change: str, folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    path = folder / ".claude" / "batch_state.json"
    if change == "create":
        return path
    state = begun(path)
    state.update(completed(0, tokens=1))
    if change == "restore":
        state.archive()
    if change == "recovery":
        path.write_text("rubbish")
    return path


def look(path: Path) -> Seen | None:
    """What a reader finds: the fields that the changes change, or that there is no batch."""
    state = StateFile(path)
    if not state.exists():
        return None
    batch = state.read()
    return batch.completed_features, batch.context_token_estimate, batch.status


def go_on(path: Path) -> None:
    """The next one can work, and whatever was left lying about is gone when the batch has ended."""
    state = StateFile(path)
    if not state.exists():
        state.remove()
        begun(path)
    tokens = state.read().context_token_estimate
    state.update(counted())
    assert state.read().context_token_estimate == tokens + 1
    state.archive()
    assert temporary_files(path) == []


def traced(change: str, tmp_path: Path) -> tuple[list[Call], Seen | None]:
    require_strace()
    path = prepare(change, tmp_path / "traced")
    trace(change, path, tmp_path / "warm")  # so that the counts are those of a program that is compiled
    path = prepare(change, tmp_path / "again")
    return trace(change, path, tmp_path / "log"), look(path)


def _changes_something(call: Call) -> bool:
    is_open = call.name == "openat" and "O_CREAT" not in call.arguments
    return call.name not in _CHANGES_NOTHING and not is_open


@pytest.mark.parametrize("change", CHANGES)
def test_killed_at_any_call_the_state_is_the_old_or_the_new_one(change: str, tmp_path: Path) -> None:
    calls, new = traced(change, tmp_path)
    points = [call for call in calls if THOROUGH or _changes_something(call)]
    assert len(points) > 5
    for number, call in enumerate(points):
        path = prepare(change, tmp_path / f"killed-{number}")
        old = look(path)
        finished = run_with(change, path, f"{call.name}:signal=SIGKILL:when={call.number}")
        assert finished.returncode != 0, call
        assert finished.stdout == "", call
        assert look(path) in [old, new], call
        go_on(path)


@pytest.mark.parametrize("change", CHANGES if THOROUGH else ["create", "update", "archive"])
def test_with_any_call_failing_the_state_is_the_old_or_the_new_one_and_a_sentence_says_so(
    change: str, tmp_path: Path
) -> None:
    calls, new = traced(change, tmp_path)
    for number, call in enumerate(calls[:-1]):
        errors = ERRORS[call.name]
        for error in errors if THOROUGH else [errors[number % len(errors)]]:
            path = prepare(change, tmp_path / f"failed-{number}-{error}")
            old = look(path)
            finished = run_with(change, path, f"{call.name}:error={error}:when={call.number}")
            where = (call, error, finished.stderr)
            found = look(path)
            if finished.returncode == 0:  # it could do without
                assert (finished.stdout, found) == ("ok", new), where
            else:
                assert finished.stdout == "", where
                assert "Traceback" not in finished.stderr, where
                assert _SENTENCE.fullmatch(finished.stderr), where
                assert str(path.parent.parent) in finished.stderr, where
                assert found in [old, new], where
                assert found == old or "was changed, but the disk" in finished.stderr, where
            go_on(path)


@pytest.mark.parametrize("taken", [0, 1, 50])
def test_a_disk_that_takes_less_than_it_says_is_found_out(taken: int, tmp_path: Path) -> None:
    calls, _ = traced("update", tmp_path)
    for call in [call for call in calls[:-1] if call.name == "writev"]:
        path = prepare("update", tmp_path / f"short-{call.number}")
        old = look(path)
        finished = run_with("update", path, f"writev:retval={taken}:when={call.number}")
        assert finished.returncode == 1, call
        assert "Could not change" in finished.stderr
        assert look(path) == old
        go_on(path)


def test_an_interrupted_wait_for_the_lock_goes_on(tmp_path: Path) -> None:
    calls, new = traced("update", tmp_path)
    call = next(call for call in calls if call.name == "flock")
    path = prepare("update", tmp_path / "interrupted")
    finished = run_with("update", path, f"flock:error=EINTR:when={call.number}")
    assert (finished.stdout, look(path)) == ("ok", new)


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_renamed_before_it_is_on_disk_nor_told_before_the_folder_is(
    change: str, tmp_path: Path
) -> None:
    calls, _ = traced(change, tmp_path)
    unsynced: set[str] = set()
    for call in calls[:-1]:
        folders = re.findall(r"\d+<([^>]*)>", call.arguments)
        names = re.findall(r'"([^"]*)"', call.arguments)
        if call.name == "writev" and ".lock." not in folders[0]:  # a lock needs no durability
            unsynced.add(folders[0])
        elif call.name == "fsync":
            unsynced.discard(folders[0])
        elif call.name == "renameat" and ".lock." not in names[0]:
            assert f"{folders[0]}/{names[0]}" not in unsynced, call
            assert not any(path.endswith(".jsonl") for path in unsynced), "the journal comes first"
        if call.name in {"renameat", "linkat", "mkdirat"} or "O_CREAT" in call.arguments:
            is_lock = any(".lock" in name for name in names)
            unsynced |= set() if is_lock else {folders[0]}
        if call.name == "unlinkat" and "batch_state.json" in names:
            unsynced.add(folders[0])
    assert unsynced == set()


def test_a_limit_on_the_size_of_files_is_told_with_its_cure(tmp_path: Path) -> None:
    path = prepare("update", tmp_path / "limited")
    old = look(path)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(BatchImplementError, match=r"File too large.*ulimit -f.*as it was"):
            StateFile(path).update(completed(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert look(path) == old
    go_on(path)
