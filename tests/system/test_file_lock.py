"""A lock that ends with its holder, and with nothing else."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import batch_implement
from batch_implement.errors import LockError, PathError
from batch_implement.system.files import kernel_lock
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
from batch_implement.system.process.identity import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

LIB = str(Path(batch_implement.__file__).parent.parent)
NAME = "state.lock"
LONG = 60.0

PRELUDE = f"""
import os, sys, time
sys.path.insert(0, {LIB!r})
from pathlib import Path
from batch_implement.errors import LockError
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import Folder
folder = Folder.open(Path.cwd())
NAME = {NAME!r}
"""

HOLD = """
with locked(folder, NAME, 60):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Folder.open(tmp_path) as opened:
        yield opened


def _start(where: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", PRELUDE + textwrap.dedent(code)],
        cwd=where,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = _start(tmp_path, HOLD)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def _increment(where: Path, workers: int, times: int) -> int:
    """The sum the workers say they counted, each increment confirmed before it is written."""
    code = f"""
    counted = 0
    for _ in range({times}):
        try:
            with locked(folder, NAME, 60) as lock:
                number = int(folder.read("count"))
                time.sleep(0)
                folder.write("count", b"%d" % (number + 1), before_replace=lock.confirm)
                counted += 1
        except LockError:
            pass
    print(counted)
    """
    processes = [_start(where, code) for _ in range(workers)]
    outputs = [process.communicate(timeout=LONG)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * workers
    return sum(map(int, outputs))


@pytest.mark.slow
def test_sixteen_processes_lose_no_increment(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    assert _increment(tmp_path, workers=16, times=50) == 800
    assert (tmp_path / "count").read_text() == "800"


def test_a_lock_file_deleted_again_and_again_while_held_loses_no_counted_increment(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    ended = threading.Event()

    def delete() -> None:
        while not ended.wait(0.001):
            (tmp_path / NAME).unlink(missing_ok=True)

    deleter = threading.Thread(target=delete)
    deleter.start()
    try:
        counted = _increment(tmp_path, workers=6, times=60)
    finally:
        ended.set()
        deleter.join()
    assert counted > 0
    assert int((tmp_path / "count").read_text()) == counted
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def test_a_holder_whose_lock_file_was_deleted_is_told_before_it_writes(
    folder: Folder, tmp_path: Path
) -> None:
    with locked(folder, NAME, 1) as lock:
        (tmp_path / NAME).unlink()
        with pytest.raises(LockError, match=r"state\.lock was removed or replaced while it was held"):
            folder.write("data", b"new", before_replace=lock.confirm)
    assert not (tmp_path / "data").exists()


def test_a_holder_whose_lock_file_was_replaced_by_another_is_told(folder: Folder, tmp_path: Path) -> None:
    with locked(folder, NAME, 1) as lock:
        _copy(tmp_path / NAME).replace(tmp_path / NAME)
        with pytest.raises(LockError, match="removed or replaced"):
            lock.confirm()


def _copy(path: Path) -> Path:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    return copy


def test_after_confirming_nobody_can_make_a_new_lock_file_until_the_lock_is_given_back(
    folder: Folder, tmp_path: Path
) -> None:
    with locked(folder, NAME, 1) as lock:
        lock.confirm()
        lock.confirm()
        (tmp_path / NAME).unlink()
        entered = threading.Event()
        other = threading.Thread(target=_enter, args=(tmp_path, entered))
        other.start()
        assert not entered.wait(0.2)
    assert entered.wait(LONG)
    other.join()


def _enter(where: Path, entered: threading.Event) -> None:
    with Folder.open(where) as folder, locked(folder, NAME, LONG):
        entered.set()


def test_a_stranger_file_under_the_name_is_replaced_and_not_trusted(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("1 2 3\n")
    before = (tmp_path / NAME).stat().st_ino
    with locked(folder, NAME, 1) as lock:
        lock.confirm()
        assert (tmp_path / NAME).stat().st_ino != before


@pytest.mark.parametrize("kind", ["symlink", "FIFO", "folder", "hard link"])
def test_what_is_not_a_plain_file_is_refused_also_while_the_lock_is_held(
    kind: str, folder: Folder, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    with locked(folder, NAME, 1) as lock:
        (tmp_path / NAME).unlink()
        _put(kind, tmp_path / NAME, victim)
        with pytest.raises(LockError):
            lock.confirm()
    with pytest.raises(PathError, match=r"state\.lock"), locked(folder, NAME, 1):
        pytest.fail("the lock was taken")
    assert victim.read_text() == "untouched"


def _put(kind: str, path: Path, victim: Path) -> None:
    match kind:
        case "symlink":
            path.symlink_to(victim)
        case "FIFO":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.hardlink_to(victim)


def test_a_symlink_put_in_place_while_waiting_is_refused(
    holder: subprocess.Popen[str], folder: Folder, tmp_path: Path
) -> None:
    def swap() -> None:
        time.sleep(0.1)
        (tmp_path / NAME).unlink()
        (tmp_path / NAME).symlink_to("victim")
        holder.kill()

    swapper = threading.Thread(target=swap)
    swapper.start()
    with pytest.raises(PathError, match="symlink"), locked(folder, NAME, LONG):
        pytest.fail("the lock was taken")
    swapper.join()


def test_a_killed_holder_leaves_the_lock_free_at_once(holder: subprocess.Popen[str], folder: Folder) -> None:
    holder.kill()
    holder.wait()
    with locked(folder, NAME, 0):
        pass


def test_a_waiter_gets_the_lock_when_its_holder_is_killed(
    holder: subprocess.Popen[str], folder: Folder
) -> None:
    killer = threading.Timer(0.1, holder.kill)
    killer.start()
    with locked(folder, NAME, LONG):
        assert holder.wait() == -signal.SIGKILL
    killer.join()


def test_a_lock_held_too_long_names_the_holder(holder: subprocess.Popen[str], folder: Folder) -> None:
    with pytest.raises(LockError, match=rf"held by process {holder.pid}, .* in 0\.1 seconds"):
        locked(folder, NAME, 0.1).__enter__()


def test_waiting_to_make_the_first_lock_file_has_the_same_time_limit(folder: Folder) -> None:
    fcntl.flock(folder.descriptor, fcntl.LOCK_EX)
    with pytest.raises(LockError, match="held by another process"):
        locked(folder, NAME, 0.01).__enter__()


def test_an_old_lock_is_never_broken_by_its_age(
    holder: subprocess.Popen[str], folder: Folder, tmp_path: Path
) -> None:
    os.utime(tmp_path / NAME, (0, 0))
    with pytest.raises(LockError):
        locked(folder, NAME, 0).__enter__()
    assert holder.poll() is None


@pytest.mark.parametrize(
    "record",
    [
        "{inode} {pid} 1 {boot}",  # the id was given to another process since
        "{inode} {pid} {start} 00000000-0000-0000-0000-000000000000",  # the machine was restarted since
        "{inode} 99999999999 1 x",  # no process id
        "{inode} -1 1 x",
        "{inode}",
        "\xff\xfe",
    ],
)
def test_a_forged_record_names_nobody_and_breaks_no_lock(
    record: str, holder: subprocess.Popen[str], folder: Folder, tmp_path: Path
) -> None:
    pid, start, boot = identity(holder.pid).split()
    path = tmp_path / NAME
    text = record.format(inode=path.stat().st_ino, pid=pid, start=start, boot=boot)
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LockError, match="held by another process"):
        locked(folder, NAME, 0).__enter__()


def test_a_dead_holders_reused_id_does_not_keep_the_lock(folder: Folder, tmp_path: Path) -> None:
    with locked(folder, NAME, 0):
        pass
    (tmp_path / NAME).write_text(f"{(tmp_path / NAME).stat().st_ino} {os.getppid()} 1 x\n")
    with locked(folder, NAME, 0):
        assert (tmp_path / NAME).read_text().split()[1] == str(os.getpid())


def test_taking_a_lock_twice_in_one_thread_is_an_error_and_not_a_wait(folder: Folder) -> None:
    with locked(folder, NAME, LONG) as lock:
        with pytest.raises(LockError, match="held already by this very thread"):
            locked(folder, NAME, LONG).__enter__()
        lock.confirm()


def test_reentry_is_found_after_the_lock_file_was_deleted_too(folder: Folder, tmp_path: Path) -> None:
    with locked(folder, NAME, LONG):
        (tmp_path / NAME).unlink()
        with pytest.raises(LockError, match="held already"):
            locked(folder, NAME, LONG).__enter__()


def test_reentry_is_found_through_another_descriptor_of_the_folder(tmp_path: Path) -> None:
    with (
        Folder.open(tmp_path) as one,
        Folder.open(tmp_path) as two,
        locked(one, NAME, LONG),
        pytest.raises(LockError, match="held already"),
    ):
        locked(two, NAME, LONG).__enter__()


def test_two_threads_of_a_process_exclude_each_other(folder: Folder, tmp_path: Path) -> None:
    entered = threading.Event()
    with locked(folder, NAME, LONG):
        other = threading.Thread(target=_enter, args=(tmp_path, entered))
        other.start()
        assert not entered.wait(0.1)
    assert entered.wait(LONG)
    other.join()


def test_locks_of_different_names_do_not_exclude_each_other(folder: Folder) -> None:
    with locked(folder, NAME, 0), locked(folder, "other.lock", 0):
        pass


def test_a_lock_can_be_taken_again_after_it_was_given_back(folder: Folder, tmp_path: Path) -> None:
    for _ in range(3):
        with locked(folder, NAME, 0):
            pass
    assert folder.names() == [NAME]
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_lock_that_was_given_back_can_not_be_confirmed(folder: Folder) -> None:
    with locked(folder, NAME, 0) as lock:
        pass
    with pytest.raises(LockError, match="not held here"):
        lock.confirm()


def test_a_lock_file_made_by_another_while_we_waited_to_make_it_is_taken_as_it_is(
    folder: Folder, tmp_path: Path
) -> None:
    fcntl.flock(folder.descriptor, fcntl.LOCK_EX)
    entered = threading.Event()
    other = threading.Thread(target=_enter, args=(tmp_path, entered))
    other.start()
    assert not entered.wait(0.1)
    (tmp_path / NAME).touch()
    made = (tmp_path / NAME).stat().st_ino
    (tmp_path / NAME).write_text(str(made))
    fcntl.flock(folder.descriptor, fcntl.LOCK_UN)
    assert entered.wait(LONG)
    other.join()
    assert (tmp_path / NAME).stat().st_ino == made


def test_an_error_inside_gives_the_lock_back(folder: Folder) -> None:
    with pytest.raises(ValueError, match="inside"), locked(folder, NAME, 0):
        raise ValueError("inside")
    with locked(folder, NAME, 0):
        pass


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_descriptor_is_left_open(folder: Folder, holder: subprocess.Popen[str]) -> None:
    before = _open_descriptors()
    with locked(folder, "other.lock", 0) as lock:
        lock.confirm()
    with pytest.raises(LockError):
        locked(folder, NAME, 0.01).__enter__()
    holder.kill()
    while _open_descriptors() > before:  # the thread that waited ends with the holder
        time.sleep(0.01)


FORK = """
with locked(folder, NAME, 60) as lock:
    child = os.fork()
    if child == 0:
        try:
            lock.confirm()
        except LockError as error:
            print(error, flush=True)
        try:
            locked(folder, NAME, 0.05).__enter__()
        except LockError as error:
            print(error, flush=True)
    else:
        os.waitpid(child, 0)
        lock.confirm()
        print("still held", flush=True)
if child == 0:
    os._exit(0)
"""


def test_a_forked_child_has_no_part_in_the_lock_and_does_not_give_it_back(tmp_path: Path) -> None:
    process = _start(tmp_path, FORK)
    lines = process.communicate(timeout=LONG)[0].splitlines()
    assert "a forked process has no part in the lock" in lines[0]
    assert f"held by process {process.pid}" in lines[1]
    assert lines[2:] == ["still held"]


FORK_AND_STAY = """
with locked(folder, NAME, 60) as lock:
    lock.confirm()
    if os.fork() == 0:
        os.close(1)
        time.sleep(30)
        os._exit(0)
    print("held", flush=True)
    time.sleep(30)
"""


def test_a_forked_child_that_lives_on_does_not_keep_its_killed_parents_lock(
    folder: Folder, tmp_path: Path
) -> None:
    process = _start(tmp_path, FORK_AND_STAY)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
    process.kill()
    process.communicate()
    try:
        (tmp_path / NAME).unlink()
        with locked(folder, NAME, 5):
            pass
    finally:
        os.kill(int(child), signal.SIGKILL)


def test_a_copy_of_the_descriptor_in_a_child_forked_by_c_code_does_not_keep_the_lock(folder: Folder) -> None:
    with locked(folder, NAME, 0):
        (descriptor,) = kernel_lock._descriptors
        copy = os.dup(descriptor)
    try:
        with locked(folder, NAME, 0):
            pass
    finally:
        os.close(copy)


FORK_LATER = """
def open_files():
    return [os.open("/dev/null", os.O_RDONLY) for _ in range(8)]  # under the numbers a lock had

def check(files):
    for descriptor in files:
        os.fstat(descriptor)
    print("all open", flush=True)

with locked(folder, NAME, 60) as lock:
    lock.confirm()
files = open_files()
with locked(folder, NAME, 60):
    child = os.fork()
if child == 0:
    check(files)
    files += open_files()
    if os.fork() == 0:
        check(files)
        os._exit(0)
    os.wait()
    os._exit(0)
os.wait()
check(files)
"""


def test_forked_children_keep_the_files_that_got_a_returned_locks_numbers(tmp_path: Path) -> None:
    process = _start(tmp_path, FORK_LATER)
    assert process.communicate(timeout=LONG)[0].splitlines() == ["all open"] * 3


def test_a_lock_file_that_is_replaced_without_end_is_an_error_and_not_a_loop(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = folder.rename

    def rename_and_delete(old: str, new: str) -> None:
        rename(old, new)
        folder.remove(new)

    monkeypatch.setattr(folder, "rename", rename_and_delete)
    with pytest.raises(LockError, match="again and again"):
        locked(folder, NAME, LONG).__enter__()


def test_a_lock_file_that_cannot_be_made_leaves_nothing_behind(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(old: str, new: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "rename", fail)
    with pytest.raises(OSError, match="No space left"):
        locked(folder, NAME, 0).__enter__()
    assert folder.names() == []


def test_a_missing_right_to_lock_the_folder_is_an_error(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_for_folders(monkeypatch, 5)
    with pytest.raises(OSError, match="Input/output error"):
        locked(folder, NAME, 0).__enter__()


def test_a_file_system_that_locks_no_folders_still_locks_the_file(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_for_folders(monkeypatch, 9)
    with locked(folder, NAME, 0) as lock:
        lock.confirm()
    with locked(folder, NAME, 0):
        pass


def _fail_for_folders(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    flock = fcntl.flock

    def refuse(descriptor: int, kind: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(number, os.strerror(number))
        flock(descriptor, kind)

    monkeypatch.setattr(kernel_lock.fcntl, "flock", refuse)


def test_an_error_while_waiting_in_the_kernel_is_passed_on(
    folder: Folder, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock

    def fail_when_waiting(descriptor: int, kind: int) -> None:
        if not kind & fcntl.LOCK_NB:
            raise OSError(37, "No locks available")
        flock(descriptor, kind)

    monkeypatch.setattr(kernel_lock.fcntl, "flock", fail_when_waiting)
    with pytest.raises(OSError, match="No locks available"):
        locked(folder, NAME, LONG).__enter__()
