"""Files below the project: no link is followed, a write is whole, a line is a line."""

from __future__ import annotations

import errno
import os
import socket
import stat
import threading
from typing import TYPE_CHECKING, Any

import pytest

from batch_implement.errors import PathError
from batch_implement.system.files import folder as folder_module
from batch_implement.system.files import whole_file
from batch_implement.system.files.folder import Folder, NotDurableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def folder(root: Path) -> Iterator[Folder]:
    with Folder.open(root) as opened:
        yield opened


def test_a_file_is_written_whole_and_private(folder: Folder, root: Path) -> None:
    folder.write("a", b"one", b"", b" two")
    assert folder.read("a") == b"one two"
    assert stat.S_IMODE((root / "a").stat().st_mode) == 0o600
    assert folder.names() == ["a"]


def test_missing_folders_are_made_below_the_root_only(root: Path) -> None:
    with Folder.open(root, "a", "b", create=True) as inner:
        inner.write("c", b"x")
    assert (root / "a" / "b" / "c").read_bytes() == b"x"
    with pytest.raises(FileNotFoundError):
        Folder.open(root, "nothing")
    with pytest.raises(FileNotFoundError):
        Folder.open(root / "nothing", "a", create=True)


def test_two_may_make_the_same_folder_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mkdir = os.mkdir

    def beaten(name: str, mode: int, *, dir_fd: int) -> None:
        mkdir(name, mode, dir_fd=dir_fd)
        mkdir(name, mode, dir_fd=dir_fd)

    monkeypatch.setattr(folder_module.os, "mkdir", beaten)
    Folder.open(root, "a", create=True).__exit__(None, None, None)


def test_a_project_behind_a_link_is_fine(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    with Folder.open(tmp_path / "link", "a", create=True) as inner:
        inner.write("b", b"x")
    assert (root / "a" / "b").exists()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "a\0b", "../a"])
def test_a_name_is_a_single_component(folder: Folder, name: str) -> None:
    for call in (folder.read, folder.size, folder.exists, folder.remove, folder.refuse_special, folder.inner):
        with pytest.raises(PathError, match="not the name of a file"):
            call(name)
    with pytest.raises(PathError, match="not the name of a file"):
        folder.rename("a", name)
    with pytest.raises(PathError, match="not the name of a file"):
        folder.append(name, b"x\n")


def test_a_folder_that_is_a_link_or_a_file_is_refused(folder: Folder, root: Path, tmp_path: Path) -> None:
    (root / "link").symlink_to(tmp_path)
    (root / "file").touch()
    with pytest.raises(PathError, match="symlink"):
        folder.inner("link")
    with pytest.raises(PathError, match="symlink"):
        folder.inner("link", create=True)
    with pytest.raises(PathError, match="not a folder"):
        folder.inner("file", create=True)


def test_another_error_of_a_folder_passes_through(folder: Folder) -> None:
    with pytest.raises(OSError, match="File name too long"):
        folder.inner("x" * 300)


def test_a_link_is_not_read_nor_written_through(folder: Folder, root: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"someone's own")
    (root / "link").symlink_to(target)
    for call in (
        lambda: folder.read("link"),
        lambda: folder.append("link", b"x\n"),
        lambda: folder.open_file("link", os.O_RDWR),
        lambda: folder.refuse_special("link"),
    ):
        with pytest.raises(PathError, match="symlink"):
            call()
    folder.write("link", b"mine")
    assert (target.read_bytes(), folder.read("link")) == (b"someone's own", b"mine")


def _make(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket"])
def test_what_is_no_regular_file_is_refused_at_once(
    folder: Folder, root: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)  # a socket's path is short
    _make(root / "x", kind)
    for call in (
        lambda: folder.read("x"),
        lambda: folder.append("x", b"y\n"),
        lambda: folder.open_file("x", os.O_RDWR),
        lambda: folder.refuse_special("x"),
    ):
        with pytest.raises(PathError, match="not a regular file"):
            call()


def test_a_second_name_elsewhere_is_refused_and_one_that_is_ours_is_not(
    folder: Folder, root: Path, tmp_path: Path
) -> None:
    folder.write("a", b"x")
    folder.link("a", "twin")
    assert folder.read("a", twin="twin") == b"x"
    folder.refuse_special("a", twin="twin")
    with pytest.raises(PathError, match="2 hard links"):
        folder.read("a")
    os.link(root / "a", tmp_path / "elsewhere")
    with pytest.raises(PathError, match="3 hard links"):
        folder.read("a", twin="twin")
    with pytest.raises(PathError, match="3 hard links"):
        folder.refuse_special("a", twin="twin")


def test_a_second_name_that_is_gone_at_the_second_look_is_no_matter(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", b"x")
    folder.link("a", "passing")
    look = Folder._has_stranger

    def passing(self: Folder, name: str, found: os.stat_result, twin: str) -> bool:
        self.remove("passing")
        return look(self, name, found, twin)

    monkeypatch.setattr(Folder, "_has_stranger", passing)
    assert folder.read("a", twin="twin") == b"x"


def test_more_than_the_limit_is_not_read(folder: Folder) -> None:
    folder.write("a", b"x" * 11)
    assert folder.read("a", 11) == b"x" * 11
    with pytest.raises(PathError, match="11 bytes; more than 10"):
        folder.read("a", 10)


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(root: Path) -> None:
    (root / "a").write_bytes(b"x" * 200_000)
    descriptor = os.open(root / "a", os.O_RDONLY)
    try:
        assert len(whole_file.read_all(descriptor, 10)) == 200_000
    finally:
        os.close(descriptor)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", b"old")

    def fails(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for call in ("writev", "fsync", "rename"):
        with monkeypatch.context() as patched:
            patched.setattr(folder_module.os, call, fails)
            with pytest.raises(OSError, match="Input/output error"):
                folder.write("a", b"new")
        assert (folder.read("a"), folder.names()) == (b"old", ["a"])


def test_the_first_error_is_told_where_cleaning_up_fails_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(number: int) -> Any:
        def failing(*_: Any, **__: Any) -> None:
            raise OSError(number, os.strerror(number))

        return failing

    monkeypatch.setattr(folder_module.os, "rename", fails(errno.ENOSPC))
    monkeypatch.setattr(folder_module.os, "unlink", fails(errno.EIO))
    with pytest.raises(OSError, match="No space left"):
        folder.write("a", b"new")


def test_a_folder_that_can_not_be_synced_is_told_as_that(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def fails(descriptor: int) -> None:
        if descriptor == folder.descriptor:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(folder_module.os, "fsync", fails)
    with pytest.raises(NotDurableError):
        folder.write("a", b"new")
    assert folder.read("a") == b"new"
    with pytest.raises(NotDurableError):
        folder.append("log", b"x\n")


def test_short_writes_are_continued(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    writev = os.writev

    def short(descriptor: int, parts: list[memoryview]) -> int:
        return writev(descriptor, [parts[0][:3]])

    monkeypatch.setattr(whole_file.os, "writev", short)
    folder.write("a", b"0123456789", b"abcdefghi", b"x")
    folder.append("log", b"a line\n")
    assert (folder.read("a"), folder.read("log")) == (b"0123456789abcdefghix", b"a line\n")


def test_more_parts_than_one_call_takes_are_all_written(folder: Folder) -> None:
    folder.write("a", *[b"%d," % number for number in range(5000)])
    assert folder.read("a").count(b",") == 5000


def test_a_disk_that_takes_nothing_is_full(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_file.os, "writev", lambda *_: 0)
    with pytest.raises(OSError, match="No space left"):
        folder.write("a", b"x")


def test_bytes_that_did_not_arrive_are_missed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a", b"old")
    monkeypatch.setattr(whole_file.os, "writev", lambda _, parts: sum(map(len, parts)))
    with pytest.raises(OSError, match="0 of 3 bytes arrived"):
        folder.write("a", b"new")
    with pytest.raises(OSError, match="bytes arrived"):
        folder.append("a", b"new\n")


def test_a_line_begins_on_a_new_one_after_a_torn_one(folder: Folder, root: Path) -> None:
    folder.append("log", b"one\n")
    with (root / "log").open("ab") as file:
        file.write(b"to")
    folder.append("log", b"two\n", alone=True)
    assert folder.read("log") == b"one\nto\ntwo\n"


def test_lines_of_many_writers_never_mix(folder: Folder, root: Path) -> None:
    """16 writers of 50 lines of 20 KB; each is one write."""

    def write(number: int) -> None:
        with Folder.open(root) as own:
            for _ in range(50):
                own.append("log", b"%02d" % number * 10_000 + b"\n")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = folder.read("log").splitlines()
    assert len(lines) == 800
    assert all(line == line[:2] * 10_000 for line in lines)


def test_leftovers_are_told_from_other_files(folder: Folder, root: Path) -> None:
    for name in ("a.12-0123abcd.tmp", "a.tmp", "a.x-0123abcd.tmp", "a.12-012.tmp", ".12-0123abcd.tmp", "a"):
        (root / name).touch()
    assert folder.leftovers() == [("a.12-0123abcd.tmp", "a")]


def test_what_is_there_is_known_with_its_size(folder: Folder) -> None:
    folder.write("a", b"xyz")
    assert (folder.exists("a"), folder.size("a"), folder.exists("b"), folder.size("b")) == (True, 3, False, 0)
    assert (folder.remove("a"), folder.remove("a")) == (True, False)
    folder.refuse_special("a")


def test_an_error_of_a_file_s_opening_passes_through(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.read("nothing")
    with pytest.raises(OSError, match="File name too long"):
        folder.write("x" * 250, b"")


def test_a_descriptor_that_is_closed_already_is_no_error_after_reading(root: Path) -> None:
    opened = Folder.open(root)
    os.close(opened.descriptor)
    opened.__exit__(None, None, None)
