"""The program's own modules are found quickly, and never as they were before they were changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from batch_implement import own_modules

_ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from batch_implement.own_modules import OwnModules
sys.meta_path.insert(0, OwnModules)
import batch_implement.room.thing as thing
print(thing.VALUE, type(thing.__loader__).__name__ == "_Loader", thing.__file__, thing.__cached__)
"""


class Program(NamedTuple):
    lib: Path
    pycache: Path

    @property
    def thing(self) -> Path:
        return self.lib / "batch_implement" / "room" / "thing.py"

    def run(self, code: str = _ASK) -> subprocess.CompletedProcess[str]:
        options = ["-I", "-S", "-X", f"pycache_prefix={self.pycache}"]
        return subprocess.run(
            [sys.executable, *options, "-c", code, str(self.lib)], capture_output=True, text=True, check=False
        )

    def ask(self) -> tuple[str, bool]:
        """The module's value, and whether it was found without Python's own finder."""
        value, is_quick, file, cached = self.run().stdout.split()
        assert Path(file) == self.thing
        assert Path(cached).is_file()
        return value, is_quick == "True"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "lib", tmp_path / "pycache")
    made.thing.parent.mkdir(parents=True)
    for folder in (made.thing.parent, made.thing.parent.parent):
        (folder / "__init__.py").touch()
    shutil.copy(str(own_modules.__file__), made.thing.parent.parent)
    made.thing.write_text("VALUE = 1\n")
    return made


def test_what_python_has_compiled_is_found_from_the_second_start_on(program: Program) -> None:
    assert [program.ask() for _ in range(3)] == [("1", False), ("1", True), ("1", True)]


def test_a_module_that_was_changed_is_compiled_anew(program: Program) -> None:
    program.ask()
    program.thing.write_text("VALUE = 1_000\n")
    assert [program.ask() for _ in range(2)] == [("1000", False), ("1000", True)]


def test_what_another_python_has_compiled_is_not_taken(program: Program) -> None:
    program.ask()
    kept = next(program.pycache.rglob("thing.*.pyc"))
    kept.write_bytes(b"\0\0\r\n" + kept.read_bytes()[4:])
    assert program.ask() == ("1", False)


def test_where_nothing_can_be_kept_everything_is_found_all_the_same(program: Program) -> None:
    program.pycache.write_text("in the way")
    finished = program.run(_ASK.replace(", thing.__cached__", ""))
    assert finished.stdout.split() == ["1", "False", str(program.thing)]


def test_a_module_that_is_not_there_is_missed_by_its_name(program: Program) -> None:
    finished = program.run(_ASK.replace("batch_implement.room.thing", "batch_implement.none"))
    assert "ModuleNotFoundError: No module named 'batch_implement.none'" in finished.stderr


def test_an_error_shows_the_line_it_was_raised_in(program: Program) -> None:
    program.thing.write_text("VALUE = 1\ndef fail(): raise ValueError(VALUE)\n")
    program.ask()
    finished = program.run(_ASK + "thing.fail()")
    assert "def fail(): raise ValueError(VALUE)" in finished.stderr
