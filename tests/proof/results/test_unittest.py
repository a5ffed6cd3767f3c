"""unittest tells its results by name where the step names it, else by what ``-v`` prints, else counted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.proof.results.conftest import Project

    MakeProject = Callable[[Mapping[str, str]], Project]

# Beside the project. Never a device: coverage removes the file first, and root may remove any.
COVERAGE_DATA = "--data-file=../coverage"
PYTHON = sys.executable
UNITTEST = (PYTHON, "-m", "unittest")

EVERY_KIND = """
import unittest

class TestA(unittest.TestCase):
    def test_passes(self):
        '''With a docstring.'''
        print("something", flush=True)
    def test_fails(self): self.fail()
    def test_error(self): raise ValueError
    def test_skips(self): self.skipTest("now")
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass

@unittest.skip("all of it")
class TestSkipped(unittest.TestCase):
    def test_in_it(self): pass
"""
NAMED = {
    "test_x.TestA.test_passes": "passed",
    "test_x.TestA.test_fails": "failed",
    "test_x.TestA.test_error": "error",
    "test_x.TestA.test_skips": "skipped",
    "test_x.TestA.test_expected": "expected failure",
    "test_x.TestA.test_unexpected": "failed",
    "test_x.TestSkipped.test_in_it": "skipped",
}
ONE_FAILS = """
import unittest
class TestA(unittest.TestCase):
    def test_a(self): pass
    def test_b(self): self.fail()
"""
ONE_OF_TWO = {"test_x.TestA.test_a": "passed", "test_x.TestA.test_b": "failed"}


@pytest.mark.parametrize(
    "argv",
    [
        UNITTEST,
        (*UNITTEST, "discover", "-b"),
        (PYTHON, "-W", "error", *UNITTEST[1:], "-v", "test_x"),
        (PYTHON, "-m", "coverage", "run", COVERAGE_DATA, *UNITTEST[1:]),
        (PYTHON, "-m", "uv", "run", "--no-project", "--python", PYTHON, *UNITTEST),
    ],
    ids=["plain", "discover", "options", "coverage", "uv"],
)
def test_every_kind_is_told_by_name(make_project: MakeProject, argv: tuple[str, ...]) -> None:
    project = make_project({"test_x.py": EVERY_KIND})
    ran = project.run(*argv)
    assert ran.outcomes == NAMED, ran.output
    assert ran.exit_code == 1
    assert project.files() == {"test_x.py"}


def test_what_unittest_prints_stays_as_it_is(make_project: MakeProject) -> None:
    ran = make_project({"test_x.py": ONE_FAILS}).run(*UNITTEST, "-v")
    assert "test_a (test_x.TestA" in ran.output
    assert "batch_results" not in ran.output
    assert "FAILED (failures=1)" in ran.output


def test_a_class_or_module_that_fails_as_a_whole_is_an_error(make_project: MakeProject) -> None:
    tests = """
import unittest
class TestA(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise ValueError
    def test_a(self): pass
"""
    ran = make_project({"test_x.py": tests, "test_y.py": "import nothing_of_this_name"}).run(*UNITTEST)
    assert ran.outcomes == {
        "setUpClass (test_x.TestA)": "error",
        "unittest.loader._FailedTest.test_y": "error",
    }


def test_subtests_are_told_each(make_project: MakeProject) -> None:
    tests = """
import unittest
class TestA(unittest.TestCase):
    def test_all(self):
        for i in range(2):
            with self.subTest(i=i): self.assertEqual(i, 0)
"""
    assert make_project({"test_x.py": tests}).run(*UNITTEST).outcomes == {
        "test_x.TestA.test_all": "failed",
        "test_x.TestA.test_all (i=0)": "passed",
        "test_x.TestA.test_all (i=1)": "failed",
    }


def test_a_run_that_dies_in_a_test_is_cut_off(make_project: MakeProject) -> None:
    tests = """
import os, unittest
class TestA(unittest.TestCase):
    def test_a(self): pass
    def test_b(self): os._exit(0)
"""
    ran = make_project({"test_x.py": tests}).run(*UNITTEST)
    assert ran.exit_code == 0
    assert ran.outcomes == {"test_x.TestA.test_a": "passed", "test_x.TestA.test_b": "error"}
    assert ran.results.cut_off == "unittest ended in the middle of its tests"


def test_a_run_that_stops_at_the_first_failure_says_so(make_project: MakeProject) -> None:
    tests = ONE_FAILS.replace("test_a", "test_c")
    ran = make_project({"test_x.py": tests}).run(*UNITTEST, "-f")
    assert ran.outcomes == {"test_x.TestA.test_b": "failed"}
    assert "first failure" in ran.results.cut_off


def test_behind_make_the_names_are_read_from_what_it_prints(make_project: MakeProject) -> None:
    files = {"test_x.py": EVERY_KIND, "Makefile": f"test:\n\t-{PYTHON} -m unittest -v\n"}
    ran = make_project(files).run("make", "test")
    assert ran.exit_code == 0
    assert ran.outcomes == NAMED, ran.output
    assert ran.results.failures == 3


def test_behind_make_without_v_they_are_counted_and_the_names_are_missed(make_project: MakeProject) -> None:
    files = {"test_x.py": EVERY_KIND, "Makefile": f"test:\n\t-{PYTHON} -m unittest\n"}
    ran = make_project(files).run("make", "test")
    assert ran.results.missing == ("unittest",)
    assert ran.numbers == {"passed": 1, "failed": 2, "error": 1, "skipped": 2, "expected failure": 1}
