"""pytest's results come through whatever starts it, and its run is the same as without us."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.proof.results.conftest import Project

    MakeProject = Callable[[Mapping[str, str]], Project]

pytestmark = pytest.mark.slow

# Beside the project. Never a device: coverage removes the file first, and root may remove any.
COVERAGE_DATA = "--data-file=../coverage"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")

EVERY_KIND = """
import unittest, pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.mark.skip
def test_skipped(): pass
def test_skips_itself(): pytest.skip("now")
@pytest.mark.xfail
def test_expected(): assert False
@pytest.mark.xfail
def test_unexpected(): pass
@pytest.mark.xfail(strict=True)
def test_strict(): pass
def test_gives_up(): pytest.xfail("known")
@pytest.fixture
def broken(): raise ValueError
def test_no_setup(broken): pass
@pytest.fixture
def messy():
    yield
    raise ValueError
def test_no_teardown(messy): pass
@pytest.mark.parametrize("a,b", [(1, "x y"), ("::", None), ("\\u00e9[1]", 2)])
def test_many(a, b): pass
class TestA:
    class TestB:
        def test_deep(self): pass
class TestOld(unittest.TestCase):
    def test_one(self): pass
    @unittest.expectedFailure
    def test_two(self): self.fail()
"""
NAMED = {
    "test_passes": "passed",
    "test_fails": "failed",
    "test_skipped": "skipped",
    "test_skips_itself": "skipped",
    "test_expected": "expected failure",
    "test_unexpected": "unexpected pass",
    "test_strict": "failed",
    "test_gives_up": "expected failure",
    "test_no_setup": "error",
    "test_no_teardown": "error",
    "test_many[1-x y]": "passed",
    "test_many[::-None]": "passed",
    "test_many[\\xe9[1]-2]": "passed",
    "TestA::TestB::test_deep": "passed",
    "TestOld::test_one": "passed",
    "TestOld::test_two": "expected failure",
}


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("-q", "--tb=no"), ("-p", "no:junitxml")], ids=str)
def test_every_kind_is_told_by_name(make_project: MakeProject, options: tuple[str, ...]) -> None:
    project = make_project({"tests/test_x.py": EVERY_KIND})
    ran = project.run(*PYTEST, *options)
    assert ran.outcomes == {f"tests/test_x.py::{name}": outcome for name, outcome in NAMED.items()}
    assert ran.results.by_name
    assert ran.exit_code == 1
    assert project.files() == {"tests/test_x.py"}


def test_modules_that_fail_or_are_skipped_as_a_whole_are_told(make_project: MakeProject) -> None:
    ran = make_project(
        {
            "test_broken.py": "import nothing_of_this_name\n",
            "test_absent.py": "import pytest\npytest.importorskip('nothing_of_this_name')\n",
            "test_x.py": "def test_a(): pass\n",
        }
    ).run(*PYTEST, "--continue-on-collection-errors")
    assert ran.outcomes == {
        "test_absent.py": "skipped",
        "test_broken.py": "error",
        "test_x.py::test_a": "passed",
    }


CONFIGURED = """
[pytest]
addopts = -n 2 --strict-markers --strict-config -p no:junitxml --import-mode=importlib -W error
xfail_strict = true
"""
ONE_FAILS = "def test_a(): pass\ndef test_b(): assert False\n"
ONE_OF_TWO = {"test_x.py::test_a": "passed", "test_x.py::test_b": "failed"}
COMMAND = f"{sys.executable} -m pytest -p no:cacheprovider"
WRAPPERS: dict[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "make": ({"Makefile": f"PYTEST = {COMMAND}\ntest: unit\nunit:\n\t@$(PYTEST)\n"}, ("make", "test")),
    "a shell script": ({"check.sh": f"#!/bin/sh\nset -e\n{COMMAND} -q\n"}, ("./check.sh",)),
    "sh -c": ({}, ("sh", "-c", f"cd . && {COMMAND}")),
    "env": ({}, ("env", "A=b", *PYTEST)),
    "coverage": ({}, (sys.executable, "-m", "coverage", "run", COVERAGE_DATA, "-m", *PYTEST[2:])),
    "configuration": ({"pytest.ini": CONFIGURED}, PYTEST),
    "uv": ({}, (sys.executable, "-m", "uv", "run", "--no-project", "--python", *PYTEST[:1], *PYTEST)),
}


@pytest.mark.parametrize("how", WRAPPERS)
def test_what_starts_pytest_does_not_matter(make_project: MakeProject, how: str) -> None:
    files, argv = WRAPPERS[how]
    ran = make_project({"test_x.py": ONE_FAILS, **files}).run(*argv)
    assert ran.outcomes == ONE_OF_TWO, ran.output
    assert ran.exit_code != 0


def test_a_project_that_keeps_plugins_from_being_looked_for(make_project: MakeProject) -> None:
    ran = make_project({"test_x.py": ONE_FAILS}).run(*PYTEST, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert ran.outcomes == ONE_OF_TWO


def test_what_the_step_has_on_its_python_path_stays(make_project: MakeProject) -> None:
    project = make_project({"src/app.py": "", "test_x.py": "import app\ndef test_a(): pass\n"})
    assert project.run(*PYTEST, PYTHONPATH="src").outcomes == {"test_x.py::test_a": "passed"}


def test_the_output_is_as_without_us(make_project: MakeProject) -> None:
    ran = make_project({"test_x.py": ONE_FAILS}).run(*PYTEST, "-q", "--no-header", "--tb=no", "-rN")
    assert ran.output.splitlines()[0].split() == [".F", "[100%]"]
    assert len(ran.output.splitlines()) == 2


@pytest.mark.parametrize(
    ("files", "argv"),
    [
        (
            {"conftest.py": "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"},
            PYTEST,
        ),
        ({"conftest.py": "import os\ndef pytest_unconfigure():\n    os._exit(0)\n"}, PYTEST),
        ({"Makefile": f"test:\n\t-{COMMAND}\n"}, ("make", "test")),
        ({"Makefile": f"test:\n\t{COMMAND} || true\n"}, ("make",)),
    ],
    ids=["conftest", "exit", "make goes on", "or true"],
)
def test_a_failure_is_seen_behind_an_exit_status_of_0(
    make_project: MakeProject, files: Mapping[str, str], argv: tuple[str, ...]
) -> None:
    ran = make_project({"test_x.py": ONE_FAILS, **files}).run(*argv)
    assert ran.exit_code == 0
    assert ran.outcomes == ONE_OF_TWO
    assert ran.results.failures == 1


@pytest.mark.parametrize("code", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_run_that_dies_in_a_test_is_cut_off(make_project: MakeProject, code: str) -> None:
    tests = f"import os\ndef test_a(): pass\ndef test_b(): {code}\ndef test_c(): pass\n"
    ran = make_project({"test_x.py": tests}).run(*PYTEST)
    assert ran.outcomes == {"test_x.py::test_a": "passed", "test_x.py::test_b": "error"}
    assert ran.results.cut_off == "pytest ended in the middle of its tests"


def test_a_worker_of_xdist_that_dies_is_a_failed_test(make_project: MakeProject) -> None:
    tests = "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n"
    ran = make_project({"test_x.py": tests}).run(*PYTEST, "-n", "1")
    assert ran.outcomes == {
        "test_x.py::test_a": "passed",
        "test_x.py::test_b": "error",
        "test_x.py::test_c": "passed",
    }


def test_a_run_that_stops_at_the_first_failure_says_so(make_project: MakeProject) -> None:
    ran = make_project({"test_x.py": "def test_a(): assert 0\ndef test_b(): pass\n"}).run(*PYTEST, "-x")
    assert ran.outcomes == {"test_x.py::test_a": "failed"}
    assert ran.results.cut_off == "stopping after 1 failures"


def test_a_run_that_only_plans_has_run_nothing(make_project: MakeProject) -> None:
    project = make_project({"test_x.py": "def test_a(): assert 0\n"})
    assert project.run(*PYTEST, "--setup-plan").numbers == {"skipped": 1}
    assert project.run(*PYTEST, "--collect-only").results.missing == ("pytest",)


def test_a_pytest_that_a_test_starts_is_not_heard(make_project: MakeProject) -> None:
    inner = f"subprocess.run({list(PYTEST)!r} + ['inner.py'])"
    started = f"def test_a():\n    {inner}\n    pytest.main(['inner.py'])\n"
    files = {
        "test_x.py": f"import subprocess, pytest\n{started}",
        "inner.py": "def test_inner(): assert 0\n",
    }
    assert make_project(files).run(*PYTEST, "test_x.py").outcomes == {"test_x.py::test_a": "passed"}


def test_two_runs_in_one_step_are_both_heard(make_project: MakeProject) -> None:
    files = {
        "Makefile": f"test:\n\t{COMMAND} test_x.py\n\t{COMMAND} test_y.py\n",
        "test_x.py": "def test_a(): pass\n",
        "test_y.py": "def test_a(): pass\n",
    }
    assert make_project(files).run("make").outcomes == {
        "test_x.py::test_a": "passed",
        "test_y.py::test_a": "passed",
    }


def test_a_project_within_the_workspace_has_its_folder_in_its_names(make_project: MakeProject) -> None:
    files = {"api/pytest.ini": "[pytest]\n", "api/test_x.py": "def test_a(): pass\n"}
    ran = make_project(files).run("sh", "-c", f"cd api; {COMMAND}")
    assert ran.outcomes == {"api/test_x.py::test_a": "passed"}


def test_subtests_are_told_each(make_project: MakeProject) -> None:
    tests = """
import unittest
class TestOld(unittest.TestCase):
    def test_all(self):
        for i in range(2):
            with self.subTest(i=i): self.assertEqual(i, 0)
"""
    ran = make_project({"test_x.py": tests}).run(*PYTEST)
    assert ran.outcomes["test_x.py::TestOld::test_all > i=1"] == "failed"
    assert ran.outcomes["test_x.py::TestOld::test_all"] == "failed"


def test_a_test_that_changes_files_and_the_environment_is_told_all_the_same(
    make_project: MakeProject,
) -> None:
    tests = """
import builtins, json, os
def test_a(monkeypatch):
    monkeypatch.setattr(builtins, "open", None)
    monkeypatch.setattr(os, "open", None)
    monkeypatch.setattr(json, "dumps", None)
    monkeypatch.setattr(os, "environ", {})
def test_b():
    os.chdir("/")
"""
    ran = make_project({"test_x.py": tests}).run(*PYTEST)
    assert ran.outcomes == {"test_x.py::test_a": "passed", "test_x.py::test_b": "passed"}


def test_a_report_that_does_not_come_is_said_and_the_numbers_are_counted(
    make_project: MakeProject,
) -> None:
    ran = make_project({"test_x.py": ONE_FAILS}).run(sys.executable, "-E", *PYTEST[1:])
    assert ran.results.missing == ("pytest",)
    assert not ran.results.by_name
    assert ran.numbers == {"passed": 1, "failed": 1}
