"""Features of Python projects: what the old tests say of the new code, and the new ones of the old."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proof.second_look.conftest import Project

SLUG = "def slug(text):\n    return text.lower()\n"
TESTS = """from slugs import slug


def test_lower():
    assert slug("A") == "a"


def test_spaces_stay():
    assert slug("a b") == "a b"
"""
FEATURE = 'def slug(text):\n    return text.lower().replace(" ", "-")\n'


@pytest.fixture
def slugs(project: Project) -> Project:
    project.write(**{"slugs.py": SLUG, "test_slugs.py": TESTS})
    project.begin()
    return project


def test_an_assertion_that_was_turned_around_is_a_changed_test(slugs: Project) -> None:
    slugs.write(**{"slugs.py": FEATURE, "test_slugs.py": TESTS.replace('== "a b"', '== "a-b"')})
    looked = slugs.look()
    assert looked.changed == ["test_slugs.py::test_spaces_stay"]
    assert looked.findings.changed[0].files == ("test_slugs.py",)


def test_a_new_test_shows_the_feature_and_only_its_file_is_run(slugs: Project) -> None:
    new = "\n\ndef test_title():\n    assert slug.title() == 1\n"
    slugs.write(
        **{
            "slugs.py": SLUG + "\n\nslug.title = lambda: 1\n",
            "test_slugs.py": TESTS + new,
            "test_other.py": "def test_it(): pass\n",
        }
    )
    looked = slugs.look()
    assert looked.changed == []
    assert looked.findings.shown_by == ("test_slugs.py::test_title",)
    assert looked.plan.old_tests is not None
    assert looked.plan.old_tests.files == ("test_slugs.py",)
    assert looked.plan.old_tests.steps[0].argv[-1] == "test_slugs.py"


def test_tests_that_were_merged_into_a_table_are_no_finding(slugs: Project) -> None:
    table = (
        "import pytest\nfrom slugs import slug\n\n\n"
        '@pytest.mark.parametrize(("text", "expected"), [("A", "a"), ("a b", "a b")])\n'
        "def test_slug(text, expected):\n    assert slug(text) == expected\n"
    )
    slugs.write(**{"test_slugs.py": table})
    looked = slugs.look("Rewrite the tests as a table")
    assert looked.findings.changed == ()
    assert looked.findings.passed_old >= {"test_slugs.py::test_lower", "test_slugs.py::test_spaces_stay"}
    assert looked.plan.new_tests is None


def test_a_conftest_that_makes_everything_pass_is_seen(slugs: Project) -> None:
    hook = (
        "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        '    report = (yield).get_result()\n    report.outcome = "passed"\n'
    )
    slugs.write(**{"slugs.py": FEATURE, "conftest.py": hook})
    assert slugs.look().changed == ["test_slugs.py::test_spaces_stay"]


def test_without_a_changed_test_nothing_is_run_again(slugs: Project) -> None:
    slugs.write(**{"slugs.py": SLUG + "\n\ndef other():\n    return 1\n"})
    looked = slugs.look()
    assert not looked.plan.is_needed
    assert looked.findings.shown_by is None


def test_a_test_that_says_nothing_shows_nothing(slugs: Project) -> None:
    slugs.write(
        **{
            "slugs.py": SLUG + "\n\ndef other():\n    return 1\n",
            "test_slugs.py": TESTS + "\n\ndef test_other():\n    assert True\n",
        }
    )
    assert slugs.look().findings.shown_by == ()


def test_a_suppression_is_listed_where_the_check_fails_without_it(
    project_with: Callable[[str], Project],
) -> None:
    project = project_with(
        "python3 -m ruff check --no-cache --quiet . && python3 -m pytest -q -p no:cacheprovider"
    )
    project.write(**{"slugs.py": SLUG, "test_slugs.py": TESTS})
    project.begin()
    project.write(**{"slugs.py": f"import os  # noqa: F401\n\n\n{SLUG}"})
    looked = project.look()
    assert looked.findings.changed == ()
    assert looked.findings.looser == ("slugs.py",)


def test_a_stricter_setting_is_no_finding(project_with: Callable[[str], Project]) -> None:
    project = project_with(
        "python3 -m ruff check --no-cache --quiet . && python3 -m pytest -q -p no:cacheprovider"
    )
    project.write(**{"slugs.py": SLUG, "test_slugs.py": TESTS, "ruff.toml": "line-length = 100\n"})
    project.begin()
    project.write(**{"ruff.toml": "line-length = 80\n"})
    looked = project.look("Limit lines to 80 characters")
    assert looked.findings.looser == ()
    assert looked.findings.altered == ()


def test_old_tests_that_cover_less_of_the_new_code_are_no_finding(
    project_with: Callable[[str], Project],
) -> None:
    project = project_with(
        "python3 -m coverage run -m pytest -q -p no:cacheprovider"
        " && python3 -m coverage report --fail-under=100"
    )
    project.write(**{"slugs.py": SLUG, "test_slugs.py": TESTS, "tests/conftest.py": ""})
    project.begin()
    project.write(
        **{
            "slugs.py": SLUG + "\n\ndef other():\n    return 1\n",
            "test_slugs.py": TESTS
            + "\n\ndef test_other():\n    import slugs\n\n    assert slugs.other() == 1\n",
            "pytest.ini": "[pytest]\nmarkers = slow: takes long\n",
        }
    )
    looked = project.look()
    assert looked.findings.changed == ()
    assert looked.findings.altered == ()
    assert looked.findings.shown_by == ("test_slugs.py::test_other",)


def test_unittest_is_looked_at_by_name(project_with: Callable[[str], Project]) -> None:
    tests = (
        "import unittest\nfrom slugs import slug\n\n\nclass SlugTest(unittest.TestCase):\n"
        '    def test_spaces(self):\n        self.assertEqual(slug("a b"), "a b")\n'
    )
    project = project_with("python3 -m unittest -q")
    project.write(**{"slugs.py": SLUG, "test_slugs.py": tests})
    project.begin()
    project.write(**{"slugs.py": FEATURE, "test_slugs.py": tests.replace('"a b")\n', '"a-b")\n')})
    assert project.look().changed == ["test_slugs.SlugTest.test_spaces"]


class TestAnEditableInstallation:
    """Of a package below ``src``, in a virtual environment of the project."""

    @pytest.fixture
    def installed(self, project_with: Callable[[str], Project]) -> Project:
        project = project_with(".venv/bin/python -m pytest -q -p no:cacheprovider")
        venv = project.root / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
        site = next(venv.glob("lib/python3*/site-packages"))
        packages = Path(pytest.__file__).parent.parent
        (site / "pytest-of-the-tests.pth").write_text(f"{packages}\n")
        self.site = site
        project.write(**{"src/slugs.py": SLUG, "tests/test_slugs.py": TESTS})
        return project

    def test_the_old_tests_see_the_scratch_workspace(self, installed: Project) -> None:
        (self.site / "__editable__.slugs-1.pth").write_text(f"{installed.root / 'src'}\n")
        installed.begin()
        installed.write(
            **{"src/slugs.py": FEATURE, "tests/test_slugs.py": TESTS.replace('== "a b"', '== "a-b"')}
        )
        looked = installed.look()
        assert looked.findings.unseen == ""
        assert looked.changed == ["tests/test_slugs.py::test_spaces_stay"]
        # The new tests saw the old code, though the project's own has the feature.
        assert looked.findings.shown_by == ("tests/test_slugs.py::test_spaces_stay",)

    def test_one_that_can_not_be_led_elsewhere_is_not_believed(self, installed: Project) -> None:
        hook = f"import sys; sys.path.insert(0, {str(installed.root / 'src')!r})\n"
        (self.site / "a_hook_of_its_own.pth").write_text(hook.replace("insert(0", "insert(1"))
        installed.write(**{"tests/conftest.py": hook})
        installed.begin()
        installed.write(
            **{
                "src/slugs.py": SLUG + "\n\ndef other():\n    return 1\n",
                "tests/test_slugs.py": TESTS + "\n\ndef test_other():\n    assert True\n",
            }
        )
        looked = installed.look()
        assert looked.findings.unseen == "unbroken"
        assert looked.findings.shown_by is None


def test_a_test_that_new_settings_leave_out_is_told_though_a_new_one_makes_up_for_it(slugs: Project) -> None:
    new = "\n\ndef test_title():\n    assert slug.title() == 1\n"
    slugs.write(
        **{
            "slugs.py": SLUG + "\n\nslug.title = lambda: 1\n",
            "test_slugs.py": TESTS + new,
            "pytest.ini": "[pytest]\naddopts = --deselect test_slugs.py::test_lower\n",
        }
    )
    looked = slugs.look()
    assert looked.changed == ["test_slugs.py::test_lower"]
    assert looked.findings.changed[0].files == ("pytest.ini",)


def test_settings_that_leave_nothing_out_are_no_objection(slugs: Project) -> None:
    slugs.write(**{"slugs.py": SLUG, "pytest.ini": "[pytest]\naddopts = --strict-markers\n"})
    looked = slugs.look()
    assert looked.changed == []
    assert looked.findings.altered == ()
