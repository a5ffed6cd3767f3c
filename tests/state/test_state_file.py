"""The one door: what a change leaves on disk, and what is found there after something went wrong."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from tests.batch_projects import PRELUDE, begun, journal_of, new_batch, start, temporary_files
from tests.decisions import completed, counted, failed, setting

from batch_implement.errors import BatchStateError, CorruptStateError, LockError
from batch_implement.model import attempts
from batch_implement.model.attempt import Baseline
from batch_implement.model.record import replace
from batch_implement.model.transition import NOTHING, Transition
from batch_implement.state import held_state, journal
from batch_implement.state.document import Document
from batch_implement.state.past_batches import past_batches
from batch_implement.state.state_file import StateFile
from batch_implement.system.files import folder as folder_module
from batch_implement.system.files.folder import Folder
from batch_implement.system.files.strict_json import render_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batch_implement.model.batch import Batch

BACKUP = "batch_state.json.bak"


def _complete(state: StateFile, index: int) -> None:
    state.update(completed(index))


def _tokens(state: StateFile, amount: int = 1) -> None:
    state.update(counted(amount))


def _files(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


# --- changes ----------------------------------------------------------------------------------------


def test_a_change_leaves_the_state_its_copy_the_lock_and_the_journal(
    state: StateFile, state_file: Path
) -> None:
    _complete(state, 0)
    assert _files(state_file) == ["batch_state.json", BACKUP, "batch_state.json.lock", "batches"]
    assert temporary_files(state_file) == []


def test_a_change_returns_the_state_as_it_is_now(state: StateFile) -> None:
    written = state.update(completed(0))
    assert written == state.read()


def test_a_transition_without_changes_writes_nothing(state: StateFile, state_file: Path) -> None:
    before = (state_file.read_bytes(), journal_of(state_file).read_bytes())
    state.update(lambda _: NOTHING)
    assert (state_file.read_bytes(), journal_of(state_file).read_bytes()) == before


def test_each_change_has_the_next_sequence_number_and_its_time(state_file: Path) -> None:
    begun(state_file)
    moment = datetime(2026, 1, 31, 8, 5, tzinfo=timezone.utc)
    state = StateFile(state_file, now=lambda: moment)
    _tokens(state)
    assert (state.read().sequence, state.read().updated_at) == (2, "2026-01-31T08:05:00.000000Z")


def test_a_decision_that_fails_changes_nothing(state: StateFile, state_file: Path) -> None:
    before = state_file.read_bytes()
    with pytest.raises(ZeroDivisionError):
        state.update(lambda _: Transition("never", new_batch(1 // 0)))
    assert state_file.read_bytes() == before
    _tokens(state)


def test_a_state_too_large_to_be_read_again_is_not_written(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_state, "READ_LIMIT", 5_000)
    before = state_file.read_bytes()
    with pytest.raises(BatchStateError, match=r"would be .* bytes; 5,000 is the most"):
        state.update(setting(notices=("x" * 5_000,)))
    assert state_file.read_bytes() == before


def test_a_second_batch_in_the_same_place_is_refused(state: StateFile, state_file: Path) -> None:
    before = state_file.read_bytes()
    with pytest.raises(BatchStateError, match="is there already"):
        begun(state_file)
    assert state_file.read_bytes() == before


def test_an_update_inside_an_update_is_refused_at_once(state: StateFile) -> None:
    def decide(batch: Batch) -> Transition:
        _tokens(state)
        return Transition("never", batch)

    with pytest.raises(LockError, match="held already by this very thread"):
        state.update(decide)
    _tokens(state)
    assert state.read().context_token_estimate == 1


def test_a_child_forked_in_an_update_can_make_one_of_its_own_but_not_finish_its_parent_s(
    state: StateFile, state_file: Path
) -> None:
    code = (
        PRELUDE
        + """
def decide(batch):
    child = os.fork()
    if child == 0:
        return counted()(batch)  # goes on as if it held the lock
    os.waitpid(child, 0)
    return counted()(batch)

try:
    state.update(decide)
except BatchImplementError as error:
    assert "forked" in str(error), error
    os._exit(0)
"""
    )
    subprocess.run([sys.executable, "-c", code, str(state_file)], check=True, timeout=60)
    assert state.read().context_token_estimate == 1
    assert [record["event"] for record in state.history()] == ["created", "tokens"]


def test_a_child_forked_in_an_update_waits_for_its_parent(state: StateFile, state_file: Path) -> None:
    code = (
        PRELUDE
        + """
children = []
def decide(batch):
    children.append(os.fork())
    if children[0] == 0:
        state.update(counted())
        os._exit(0)
    return counted()(batch)

state.update(decide)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]))
"""
    )
    subprocess.run([sys.executable, "-c", code, str(state_file)], check=True, timeout=60)
    assert state.read().context_token_estimate == 2


def test_readers_wait_for_no_writer(state: StateFile, state_file: Path) -> None:
    writer = start(
        """
        def decide(batch):
            print("deciding", flush=True)
            sys.stdin.readline()
            return counted(5)(batch)
        state.update(decide)
        """,
        state_file,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "deciding\n"
        assert state.read().context_token_estimate == 0
        writer.communicate("go on\n", timeout=60)
    assert state.read().context_token_estimate == 5


def test_a_lock_that_is_not_given_back_is_told_with_its_holder(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_state, "LOCK_TIMEOUT", 0.2)
    code = "def decide(_):\n    print('in', flush=True)\n    sys.stdin.read()\nstate.update(decide)"
    with start(code, state_file) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockError, match=f"held by process {holder.pid}"):
            _tokens(state)
        holder.kill()
    _tokens(state)


def test_whoever_lost_the_lock_leaves_no_line_in_the_journal(state: StateFile, state_file: Path) -> None:
    def decide(batch: Batch) -> Transition:
        state_file.with_name("batch_state.json.lock").unlink()
        return counted()(batch)

    before = (state_file.read_bytes(), journal_of(state_file).read_bytes())
    with pytest.raises(LockError, match="removed or replaced while it was held"):
        state.update(decide)
    assert (state_file.read_bytes(), journal_of(state_file).read_bytes()) == before
    _tokens(state)


def test_a_state_that_is_not_there_does_not_exist(state_file: Path) -> None:
    state = StateFile(state_file)
    assert not state.exists()
    state_file.parent.mkdir()
    assert not state.exists()
    begun(state_file)
    assert state.exists()


def test_looking_for_a_state_behind_a_link_is_refused(state_file: Path, tmp_path: Path) -> None:
    state_file.parent.symlink_to(tmp_path)
    with pytest.raises(BatchStateError, match="symlink"):
        StateFile(state_file).exists()


@pytest.mark.parametrize("name", ["sta\nte.json", "\x1b[31m.json", "\u202egpj.json", "\x7f.json", "\x85"])
def test_a_name_with_control_characters_is_refused(state_file: Path, name: str) -> None:
    with pytest.raises(BatchStateError, match="can't be a state file"):
        StateFile(state_file.with_name(name))


# --- damage -----------------------------------------------------------------------------------------


def _rubbish(path: Path) -> bytes:
    path.write_bytes(b"\x00rubbish")
    return b"\x00rubbish"


def _emptied(path: Path) -> bytes:
    path.write_bytes(b"")
    return b""


def _cut(path: Path) -> bytes:
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    return half


def _edited(path: Path) -> bytes:
    edited = path.read_bytes().replace(b"Feature number 1", b"Feature number 9")
    path.write_bytes(edited)
    return edited


DAMAGES = [_rubbish, _emptied, _cut, _edited]


@pytest.mark.parametrize("damage", DAMAGES)
def test_reading_a_damaged_state_gives_the_last_one_and_writes_nothing(
    state: StateFile, state_file: Path, damage: Callable[[Path], bytes]
) -> None:
    _complete(state, 0)
    _tokens(state)
    good = state.read()
    damage(state_file)
    before = {path: path.read_bytes() for path in state_file.parent.rglob("*") if path.is_file()}
    assert state.read() == good
    assert {path: path.read_bytes() for path in state_file.parent.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_changing_a_damaged_state_keeps_the_damaged_file_and_says_so(
    state: StateFile, state_file: Path, damage: Callable[[Path], bytes]
) -> None:
    _complete(state, 0)
    damaged = damage(state_file)
    _complete(state, 1)
    assert state.read().completed_features == (0, 1)
    (kept,) = state_file.parent.glob("*.damaged-*")
    assert kept.read_bytes() == damaged
    assert kept.name in state.read().notices[0]
    assert [r["event"] for r in state.history()] == ["created", "completed", "recovered", "completed"]


def test_a_state_damaged_right_after_it_began_is_recovered(state: StateFile, state_file: Path) -> None:
    good = state.read()
    state_file.write_bytes(b"")
    assert state.read() == good


def test_damage_upon_damage_is_recovered_each_time(state: StateFile, state_file: Path) -> None:
    for amount in range(1, 4):
        _rubbish(state_file)
        _tokens(state)
        _rubbish(state_file)
        assert state.read().context_token_estimate == amount
    assert len(list(state_file.parent.glob("*.damaged-*"))) == 3


def test_a_state_overwritten_with_more_than_can_be_read_is_recovered(
    state: StateFile, state_file: Path
) -> None:
    _complete(state, 0)
    with state_file.open("r+b") as file:
        file.truncate(70 * 1024 * 1024)
    assert state.read().completed_features == (0,)
    _complete(state, 1)
    assert state.read().completed_features == (0, 1)
    (kept,) = state_file.parent.glob("*.damaged-*")
    assert kept.stat().st_size == 70 * 1024 * 1024


def test_without_its_journal_the_state_before_the_last_change_is_taken_and_that_is_said(
    state: StateFile, state_file: Path
) -> None:
    _complete(state, 0)
    _complete(state, 1)
    journal_of(state_file).unlink()
    _rubbish(state_file)
    assert state.read().completed_features == (0,)
    _tokens(state)
    assert "its last change may be lost" in state.read().notices[0]


@pytest.mark.parametrize("kind", ["symlink", "folder", "cut", "rubbish"])
def test_a_journal_that_can_not_be_read_does_not_stop_the_recovery(
    state: StateFile, state_file: Path, kind: str, tmp_path: Path
) -> None:
    _complete(state, 0)
    _complete(state, 1)
    path = journal_of(state_file)
    whole = path.read_bytes()
    path.unlink()
    if kind == "symlink":
        (tmp_path / "other").write_bytes(whole)
        path.symlink_to(tmp_path / "other")
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(whole[:-5] if kind == "cut" else b"\xff\x00\n[]\n7\n{}\n")
    _rubbish(state_file)
    assert state.read().completed_features == (0,)


def test_when_the_copy_is_damaged_too_the_journal_gives_all_of_it(state: StateFile, state_file: Path) -> None:
    begun(state_file.with_name("other.json"), batch_id="ended-later").archive()
    _complete(state, 0)
    _complete(state, 1)
    good = state.read()
    _rubbish(state_file)
    _rubbish(state_file.with_name(BACKUP))
    assert state.read() == good
    _complete(state, 2)
    assert state.read().completed_features == (0, 1, 2)
    assert "so was its last good copy" in state.read().notices[0]


def test_a_file_that_is_its_own_copy_after_a_kill_is_made_again_from_the_journal(
    state: StateFile, state_file: Path
) -> None:
    _complete(state, 0)
    state_file.with_name(BACKUP).unlink()
    os.link(state_file, state_file.with_name(BACKUP))
    _rubbish(state_file)
    assert state.read().completed_features == (0,)
    _complete(state, 1)
    assert state.read().completed_features == (0, 1)


def test_a_journal_that_can_not_be_opened_just_now_is_waited_for(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going on without it would lose the last change for good."""
    _complete(state, 0)
    _complete(state, 1)
    _rubbish(state_file)

    def refused(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patched:
        patched.setattr(journal, "read", refused)
        for call in (state.read, lambda: _complete(state, 2)):
            with pytest.raises(BatchStateError, match=r"Too many open files.*ulimit -n"):
                call()
    assert state.read().completed_features == (0, 1)


def test_when_nothing_can_be_read_one_sentence_names_the_file_and_the_remedy(
    state: StateFile, state_file: Path
) -> None:
    damaged = _rubbish(state_file)
    _rubbish(state_file.with_name(BACKUP))
    _rubbish(journal_of(state_file))
    for call in (state.read, lambda: _tokens(state), state.archive):
        with pytest.raises(
            CorruptStateError, match=r"batch_state\.json is damaged .*Move the file away"
        ) as e:
            call()
        assert e.value.exit_code == 3
    assert state_file.read_bytes() == damaged


def test_a_damaged_field_under_a_right_checksum_is_named_with_the_file(
    state: StateFile, state_file: Path
) -> None:
    encoded = {name: render_json(value) for name, value in state.document().items()}
    state_file.write_bytes(Document({**encoded, "compactions": b"NaN"}).render())
    with pytest.raises(CorruptStateError, match=r"batch_state\.json.*field compactions is damaged.*NaN"):
        state.update(lambda batch: Transition("x", replace(batch, compactions=batch.compactions + 1)))


def test_a_copy_swapped_in_from_another_batch_is_not_mixed_with_this_one_s_journal(
    state: StateFile, state_file: Path, tmp_path: Path
) -> None:
    _complete(state, 0)
    (tmp_path / "other" / ".git").mkdir(parents=True)
    other = begun(tmp_path / "other" / ".claude" / "batch_state.json", batch_id="batch-2")
    state_file.with_name(BACKUP).write_bytes(other.path.read_bytes())  # type: ignore[union-attr]
    _rubbish(state_file)
    assert (state.read().batch_id, state.read().completed_features) == ("batch-2", ())


def test_a_reader_that_meets_a_writer_at_work_on_a_damaged_state_looks_again(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = state_file.read_bytes()
    read = Folder.read
    _rubbish(state_file)
    copy = state_file.with_name(BACKUP)
    copy.unlink()

    def mended_meanwhile(self: Folder, name: str, *arguments: Any, **options: Any) -> bytes:
        if name == BACKUP:
            state_file.write_bytes(whole)
        return read(self, name, *arguments, **options)

    monkeypatch.setattr(Folder, "read", mended_meanwhile)
    assert state.read().batch_id == "batch-1"


# --- leftovers of writers that were killed ----------------------------------------------------------


def test_the_next_change_removes_what_killed_writers_left(state: StateFile, state_file: Path) -> None:
    ours = ["", ".bak", ".lock", ".damaged-20260101-000000-000000"]
    others = ["batch_state.json.old.1-0123abcd.tmp", "x.tmp", "settings.json.12-0123abcd.tmp", "a.b.tmp"]
    for ending in ours:
        (state_file.parent / f"batch_state.json{ending}.4711-0123abcd.tmp").touch()
    for name in others:
        (state_file.parent / name).touch()
    _tokens(state)
    assert sorted(path.name for path in state_file.parent.glob("*.tmp")) == sorted(others)


def test_a_kill_between_keeping_the_old_state_and_replacing_it_hinders_nobody(
    state: StateFile, state_file: Path
) -> None:
    state_file.with_name(BACKUP).unlink()
    os.link(state_file, state_file.with_name(BACKUP))
    assert state.read().batch_id == "batch-1"
    _complete(state, 0)
    _complete(state, 1)
    assert state.read().completed_features == (0, 1)


def test_a_kill_before_the_old_state_was_kept_again_hinders_nobody(
    state: StateFile, state_file: Path
) -> None:
    state_file.with_name(BACKUP).unlink()
    _complete(state, 0)
    _rubbish(state_file)
    assert state.read().completed_features == (0,)


def test_a_transition_that_was_recorded_but_never_made_is_neither_told_nor_replayed(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(folder_module.os, "rename", fails)
        with pytest.raises(BatchStateError, match="disk reports an error"):
            _tokens(state, 1000)
    assert journal_of(state_file).read_bytes().count(b"\n") == 3  # and that it was undone
    assert [record["event"] for record in state.history()] == ["created"]
    whole = state_file.read_bytes()
    _rubbish(state_file)
    assert state.read().context_token_estimate == 0
    state_file.write_bytes(whole)
    _tokens(state, 5)
    _rubbish(state_file)
    assert state.read().context_token_estimate == 5
    assert len(state.history()) == 2


def test_a_line_that_a_crash_cut_off_does_not_swallow_the_next(state: StateFile, state_file: Path) -> None:
    with journal_of(state_file).open("ab") as file:
        file.write(b'{"sequence":2,"at":"2026-01-0')
    _tokens(state, 5)
    _rubbish(state_file)
    assert state.read().context_token_estimate == 5
    assert [record["event"] for record in state.history()] == ["created", "tokens"]


def test_zeros_at_the_journal_s_end_after_power_loss_are_passed_over(
    state: StateFile, state_file: Path
) -> None:
    with journal_of(state_file).open("ab") as file:
        file.write(b"\0" * 512)
    _tokens(state, 5)
    _rubbish(state_file)
    assert state.read().context_token_estimate == 5


def test_where_the_disk_does_not_confirm_a_change_that_is_what_is_said(
    state: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Folder) -> None:
        raise folder_module.NotDurableError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "sync", fails)
        with pytest.raises(BatchStateError, match="was changed, but the disk"):
            _tokens(state, 5)
    assert state.read().context_token_estimate == 5


@pytest.mark.parametrize("error", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS])
def test_a_file_system_without_hard_links_gets_a_copy(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(folder_module.os, "link", refused)
    _complete(state, 0)
    _complete(state, 1)
    _rubbish(state_file)
    assert state.read().completed_features == (0, 1)
    _complete(state, 2)
    assert state.read().completed_features == (0, 1, 2)


def test_a_batch_whose_copy_can_not_be_made_has_not_begun(
    state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Folder.write

    def full(self: Folder, name: str, *data: bytes, **options: Any) -> None:
        if name == BACKUP:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, name, *data, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "write", full)
        with pytest.raises(BatchStateError, match="Free some disk space"):
            begun(state_file)
    assert not StateFile(state_file).exists()
    begun(state_file)


# --- ended batches ----------------------------------------------------------------------------------


def test_an_ended_batch_moves_to_the_past_ones(state: StateFile, state_file: Path) -> None:
    _complete(state, 0)
    state.archive()
    assert not state.exists()
    assert not state_file.with_name(BACKUP).exists()
    (past,) = past_batches(state_file.parent.parent)
    assert (past.batch_id, past.completed_features) == ("batch-1", (0,))
    with pytest.raises(BatchStateError, match="Start a batch first"):
        state.read()


def test_ending_a_batch_twice_says_that_there_is_none(state: StateFile) -> None:
    state.archive()
    with pytest.raises(BatchStateError, match="There is no batch state"):
        state.archive()


def test_ending_a_damaged_batch_keeps_the_damaged_file(state: StateFile, state_file: Path) -> None:
    _complete(state, 0)
    _rubbish(state_file)
    state.archive()
    (past,) = past_batches(state_file.parent.parent)
    assert past.completed_features == (0,)
    assert len(list(state_file.parent.glob("*.damaged-*"))) == 1


def test_a_crash_while_a_batch_is_ended_does_not_bring_back_an_old_state(
    state: StateFile, state_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _complete(state, 0)
    remove = Folder.remove

    def killed(self: Folder, name: str) -> bool:
        if name == state_file.name:
            raise KeyboardInterrupt
        return remove(self, name)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            state.archive()
    assert state.read().completed_features == (0,)
    (state_file.parent / "batches" / "batch-1.json.1-0123abcd.tmp").touch()
    state.archive()
    assert not state.exists()
    assert temporary_files(state_file) == []


def test_a_past_batch_can_be_made_the_one_at_work_again(state: StateFile, state_file: Path) -> None:
    _complete(state, 0)
    state.archive()
    restored = state.restore("batch-1")
    assert restored.completed_features == (0,)
    assert past_batches(state_file.parent.parent) == []
    assert [record["event"] for record in state.history()] == ["created", "completed", "restored"]
    _rubbish(state_file)
    assert state.read().sequence == 3


def test_a_removed_batch_is_made_again_from_its_journal(state: StateFile, state_file: Path) -> None:
    _complete(state, 0)
    _complete(state, 1)
    state_file.unlink()
    assert state.restore("batch-1").completed_features == (0, 1)


def test_a_past_batch_does_not_take_the_place_of_one_at_work(state: StateFile, state_file: Path) -> None:
    state.archive()
    begun(state_file, batch_id="batch-2")
    with pytest.raises(BatchStateError, match="is there already"):
        state.restore("batch-1")


@pytest.mark.parametrize("batch_id", ["batch-9", "../batch_state", "", "a/b", "\0"])
def test_a_batch_that_there_never_was_can_not_be_restored(state: StateFile, batch_id: str) -> None:
    state.archive()
    with pytest.raises(BatchStateError, match=r"There is no batch batch-9|is not a batch id"):
        state.restore(batch_id)


def test_a_journal_without_its_beginning_restores_nothing(state: StateFile, state_file: Path) -> None:
    _complete(state, 0)
    path = journal_of(state_file)
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    state.archive()
    (state_file.parent / "batches" / "batch-1.json").unlink()
    with pytest.raises(BatchStateError, match="There is no batch batch-1"):
        state.restore("batch-1")


def test_past_batches_are_listed_from_the_oldest_and_unreadable_ones_left_out(
    state_file: Path, tmp_path: Path
) -> None:
    root = state_file.parent.parent
    assert past_batches(root) == []
    for name, moment in (("z", "2026-01-01"), ("a", "2026-01-02"), ("m", "2026-01-03")):
        begun(state_file, batch_id=name, created_at=moment).archive()
    (state_file.parent / "batches" / "m.json").write_text("rubbish")
    assert [past.batch_id for past in past_batches(root)] == ["z", "a"]


# --- removing, and what happened --------------------------------------------------------------------


def test_removing_waits_for_the_writer(state: StateFile, state_file: Path) -> None:
    writer = start(
        """
        def decide(batch):
            print("deciding", flush=True)
            sys.stdin.readline()
            return counted(5)(batch)
        state.update(decide)
        """,
        state_file,
    )
    with writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        remover = threading.Thread(target=state.remove)
        remover.start()
        remover.join(0.2)
        assert remover.is_alive()
        writer.communicate("go on\n", timeout=60)
        remover.join()
    assert not state.exists()


def test_a_leftover_copy_is_removed_too(state: StateFile, state_file: Path) -> None:
    state_file.unlink()
    state.remove()
    assert not state_file.with_name(BACKUP).exists()


def test_the_history_has_one_record_a_transition_with_what_a_person_asks_for(state: StateFile) -> None:
    at = "2026-01-31T08:05:00.000000Z"
    state.update(lambda batch: attempts.begin(batch, 0, at=at, baseline=Baseline(commit="abc", branch="")))
    state.update(failed(0, "boom"))
    history = state.history()
    assert [record["event"] for record in history] == ["created", "attempt", "failed"]
    assert [record["sequence"] for record in history] == [1, 2, 3]
    assert (history[1]["attempt"], history[2]["feature"], history[2]["error"]) == (1, 1, "boom")


def test_a_batch_of_an_early_version_has_no_history(state: StateFile, state_file: Path) -> None:
    journal_of(state_file).unlink()
    assert state.history() == []


def test_a_feature_s_text_can_not_forge_a_line(state_file: Path) -> None:
    hostile = 'x\n{"sequence":99}\r\x85\u2028\x1b[31m\u202e\x7f'
    state = begun(state_file, features=1)
    state.update(lambda batch: Transition("failed", replace(batch, notices=(hostile,)), error=hostile))
    raw = journal_of(state_file).read_bytes()
    assert raw.isascii()
    assert len(raw.splitlines()) == 2
    assert all(json.loads(line)["sequence"] in {1, 2} for line in raw.splitlines())
    assert b"\x1b" not in raw
    assert b"\x7f" not in state_file.read_bytes()
    assert state.history()[1]["error"] == hostile
