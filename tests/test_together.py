"""What a hook needs is loaded from one file, and never as it was before it was changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from benchmarks.structure import loaded

from batch_implement import entry, together

_ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from batch_implement.together import load_together
load_together("stop", ("room.thing",))
from batch_implement.room import thing
import batch_implement.room.needed as needed
assert thing.needed is needed
print(thing.VALUE + needed.VALUE, thing.__spec__.loader is None, thing.__file__, thing.__package__)
"""


class Program(NamedTuple):
    lib: Path
    pycache: Path

    @property
    def room(self) -> Path:
        return self.lib / "batch_implement" / "room"

    @property
    def kept(self) -> Path:
        return next(self.pycache.rglob("stop.*.modules"))

    def run(self) -> subprocess.CompletedProcess[str]:
        options = ["-I", "-S", "-X", f"pycache_prefix={self.pycache}"]
        return subprocess.run(
            [sys.executable, *options, "-c", _ASK, str(self.lib)], capture_output=True, text=True, check=False
        )

    def ask(self) -> tuple[str, bool]:
        """The modules' value, and whether they came from the one file."""
        value, is_together, file, package = self.run().stdout.split()
        assert Path(file) == self.room / "thing.py"
        assert package == "batch_implement.room"
        return value, is_together == "True"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "lib", tmp_path / "pycache")
    made.room.mkdir(parents=True)
    for folder in (made.room, made.room.parent):
        (folder / "__init__.py").touch()
    shutil.copy(str(together.__file__), made.room.parent)
    (made.room / "thing.py").write_text("from batch_implement.room import needed\nVALUE = 1\n")
    (made.room / "needed.py").write_text("VALUE = 10\n")
    return made


def test_from_the_second_start_on_all_come_from_one_file(program: Program) -> None:
    assert [program.ask() for _ in range(3)] == [("11", False), ("11", True), ("11", True)]


@pytest.mark.parametrize("name", ["thing.py", "needed.py"])
def test_when_one_was_changed_all_are_looked_for_again(program: Program, name: str) -> None:
    program.ask()
    source = program.room / name
    source.write_text(source.read_text().replace("VALUE = ", "VALUE = 7 * "))
    changed = "17" if name == "thing.py" else "71"  # 7 + 10, 1 + 70
    assert [program.ask() for _ in range(2)] == [(changed, False), (changed, True)]


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b"cut off"])
def test_a_file_that_is_damaged_is_made_again(program: Program, damage: bytes) -> None:
    program.ask()
    data = program.kept.read_bytes()
    program.kept.write_bytes(damage if damage != b"cut off" else data[: len(data) // 2])
    assert [program.ask() for _ in range(2)] == [("11", False), ("11", True)]


def test_where_it_can_not_be_kept_all_are_loaded_all_the_same(program: Program) -> None:
    program.pycache.write_text("in the way")
    assert [program.ask() for _ in range(2)] == [("11", False), ("11", False)]


def test_a_module_that_fails_is_missed_where_it_is_needed(program: Program) -> None:
    program.ask()
    (program.room / "needed.py").write_text("raise ValueError('broken')\n")
    for _ in range(2):
        finished = program.run()
        assert finished.stderr.splitlines()[-1] == "ValueError: broken"
        assert finished.stdout == ""


@pytest.mark.parametrize("kind", entry.TOGETHER)
def test_what_is_loaded_together_is_there(kind: str) -> None:
    """A name that is none would be passed over, and nothing loaded from one file any more."""
    lib = Path(str(together.__file__)).parents[1]
    names = [f"batch_implement.{name}" for name in entry.modules_of(kind)]
    assert set(names) <= loaded(lib, *names)
