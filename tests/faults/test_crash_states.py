"""Power fails during a change: what was not synced may be lost, wholly or in part.

The system calls of a real change are played on a model of a disk that keeps only what was synced, at
every moment, with every number of the later entries of its folders and different parts of the later
bytes of its files. The files that such a disk has after the restart are then read.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.faults.system_calls import Call, trace
from tests.faults.test_system_calls import go_on, look, prepare, require_strace

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"\d+<([^>]*)>")


@dataclass
class File:
    synced: bytes = b""
    written: bytes = b""

    def after_a_crash(self) -> set[bytes]:
        """Nothing of the later bytes, half of them, all of them, or as many zeros."""
        later = self.written[len(self.synced) :]
        half = later[: len(later) // 2]
        return {self.synced + part for part in (b"", half, later, b"\0" * len(later))}


@dataclass
class Disk:
    """``entries`` are the folders' changes in order, of which the first ``durable`` are synced."""

    root: Path
    names: dict[str, File] = field(default_factory=dict)
    synced_names: dict[str, File] = field(default_factory=dict)
    entries: list[tuple[str, str, File | None]] = field(default_factory=list)
    durable: int = 0

    @classmethod
    def of(cls, root: Path) -> Disk:
        """A disk with what is in a folder; folders themselves are made as they are needed."""
        found = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        files = {name: File(data, data) for name, data in found.items() if not name.endswith(".lock")}
        return cls(root, dict(files), dict(files))

    def play(self, call: Call) -> None:
        folders = _FOLDER.findall(call.arguments)
        texts = [text.encode().decode("unicode_escape") for text in _TEXT.findall(call.arguments)]
        if ".lock" in call.arguments or call.result < 0:
            return
        if call.name == "openat" and "O_CREAT" in call.arguments:
            self._enter(f"{folders[0]}/{texts[0]}", File(), only_new=True)
        elif call.name == "writev":
            self.names[folders[0]].written += "".join(texts).encode("latin-1")
        elif call.name == "fsync" and folders[0] in self.names:
            self.names[folders[0]].synced = self.names[folders[0]].written
        elif call.name == "fsync":
            self.durable = len(self.entries)
        elif call.name == "linkat":
            self._enter(f"{folders[1]}/{texts[1]}", self.names[f"{folders[0]}/{texts[0]}"])
        elif call.name == "renameat":
            moved = f"{folders[0]}/{texts[0]}"
            file = self.names.pop(moved)
            self.names[f"{folders[1]}/{texts[1]}"] = file
            self.entries.append((f"{folders[1]}/{texts[1]}", moved, file))
        elif call.name == "unlinkat":
            self._enter(f"{folders[0]}/{texts[0]}", None)

    def after_a_crash(self) -> Iterator[dict[str, bytes]]:
        """The files of every disk that may be there after the restart."""
        for kept in range(self.durable, len(self.entries) + 1):
            names = dict(self.synced_names)
            for name, gone, file in self.entries[:kept]:
                names.pop(gone, None)
                names.pop(name, None)
                if file is not None:
                    names[name] = file
            alike = {name: file.synced for name, file in names.items()}
            yield alike
            for name, file in names.items():
                for data in file.after_a_crash():
                    yield {**alike, name: data}

    def _enter(self, name: str, file: File | None, *, only_new: bool = False) -> None:
        if only_new and name in self.names:
            return
        self.names.pop(name, None)
        if file is not None:
            self.names[name] = file
        self.entries.append((name, "", file))


def _restarted(files: dict[str, bytes], root: Path, at: Path) -> Path:
    shutil.rmtree(at, ignore_errors=True)
    (at / ".git").mkdir(parents=True)
    for name, data in files.items():
        path = at / Path(name).relative_to(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return at / ".claude" / "batch_state.json"


@pytest.mark.parametrize("change", ["create", "update", "save", "archive", "restore", "remove"])
def test_after_a_power_failure_the_state_is_the_old_or_the_new_one(change: str, tmp_path: Path) -> None:
    require_strace()
    path = prepare(change, tmp_path / "traced")
    disk, old = Disk.of(path.parent.parent), look(path)
    calls = trace(change, path, tmp_path / "log")
    new = look(path)
    states: set[tuple[tuple[str, bytes], ...]] = set()
    for call in calls[:-1]:  # but not the word that it is done
        disk.play(call)
        states |= {tuple(sorted(files.items())) for files in disk.after_a_crash()}
    assert len(states) >= 3
    for state in states:
        restarted = _restarted(dict(state), disk.root, tmp_path / "restarted")
        assert look(restarted) in [old, new], state
        go_on(restarted)
    for files in disk.after_a_crash():  # it was told that the change is done
        restarted = _restarted(files, disk.root, tmp_path / "restarted")
        assert look(restarted) == new


def test_a_change_whose_bytes_were_not_synced_would_be_found_lost(tmp_path: Path) -> None:
    require_strace()
    path = prepare("update", tmp_path / "traced")
    disk = Disk.of(path.parent.parent)
    for call in trace("update", path, tmp_path / "log")[:-1]:
        if call.name != "fsync":
            disk.play(call)
    new = look(path)
    found = [look(_restarted(files, disk.root, tmp_path / "restarted")) for files in disk.after_a_crash()]
    assert any(state != new for state in found)
