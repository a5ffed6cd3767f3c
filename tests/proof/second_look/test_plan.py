"""Which second runs a feature needs, by what it changed."""

from __future__ import annotations

import json

import pytest

from batch_implement.proof.check_command import Step
from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome
from batch_implement.proof.second_look import inline_tests
from batch_implement.proof.second_look.kinds import Kind
from batch_implement.proof.second_look.manifests import combined
from batch_implement.proof.second_look.parts import Part, files_of_tests, files_run, part_of
from batch_implement.proof.second_look.plan import Plan, Touched, plan_of
from batch_implement.proof.second_look.suppressions import new_suppressions, without_new
from batch_implement.proof.second_look.untouched import is_untouched
from batch_implement.workspace.change_set import Change
from batch_implement.workspace.file_versions import FileVersion

PYTEST = Step(("python3", "-m", "pytest", "-q"))
RUFF = Step(("ruff", "check", "."))


def _plan(
    *versions: FileVersion,
    steps: tuple[Step, ...] = (PYTEST,),
    text: str = "Add it",
    before: Results | None = None,
) -> Plan:
    changes = [
        Change(
            version.path,
            "added" if version.before is None else "deleted" if version.after is None else "modified",
        )
        for version in versions
    ]
    return plan_of(changes, versions, {step: (step.argv,) for step in steps}, text, before)


def _version(path: str, before: str | None, after: str | None) -> FileVersion:
    return FileVersion(path, *(text.encode() if text is not None else None for text in (before, after)))


CODE = _version("shop/cart.py", "a = 1\n", "a = 2\n")


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("tests/test_cart.py", Part.TESTS),
        ("src/level.test.ts", Part.TESTS),
        ("pricing/pricing_test.go", Part.TESTS),
        ("tests/parse.rs", Part.TESTS),
        ("tests/conftest.py", Part.SUPPORT),
        ("conftest.py", Part.SUPPORT),
        ("tests/golden/receipt.txt", Part.SUPPORT),
        ("src/__snapshots__/a.test.js.snap", Part.SUPPORT),
        ("pytest.ini", Part.SETTINGS),
        ("GNUmakefile", Part.SETTINGS),
        (".npmrc", Part.SETTINGS),
        ("scripts/check.sh", Part.SETTINGS),
        (".github/workflows/ci.yml", Part.SETTINGS),
        ("pytest.py", Part.SETTINGS),  # in the place of the runner
        ("sitecustomize.py", Part.SETTINGS),
        ("unittest/__init__.py", Part.SETTINGS),
        ("ruff.toml", Part.QUALITY),
        ("tsconfig.json", Part.QUALITY),
        ("pyproject.toml", Part.MANIFEST),
        ("uv.lock", Part.LOCK),
        ("checkout.py", Part.PROGRAM),  # "check" is no word of it
        ("latest.py", Part.PROGRAM),
        ("shop/pytest.py", Part.PROGRAM),
        ("README.md", Part.DOCUMENT),
        ("shop/template.html", Part.DATA),
        ("expected/card.txt", Part.SUPPORT),
        ("expected/card.py", Part.PROGRAM),
    ],
)
def test_each_file_plays_a_part(path: str, part: Part) -> None:
    assert part_of(path) is part


def test_a_program_that_a_linter_looks_at_is_none_that_the_check_runs() -> None:
    assert files_run([("ruff", "check", "calc.py"), ("sh", "-e", "ci.sh"), ("./run",)]) == {"ci.sh", "run"}


def test_a_file_that_is_read_by_what_the_check_runs_is_run_by_it_too() -> None:
    commands = [("source", "lib.sh"), (".", "./more.sh"), ("include", "rules/checks.inc")]
    assert files_run(commands) == {"lib.sh", "more.sh", "rules/checks.inc"}


def test_names_of_tests_tell_where_they_stand_but_for_examples_of_a_program() -> None:
    names = [
        "checks/cart_rules.py::it_adds",
        "src/list.check.ts > list > adds",
        "shop/cart.py::shop.cart.add",
    ]
    names += ["interval::tests::touching", "src/lib.rs - add (line 3)", "tests.test_wrap.WrapTest.test_a"]
    assert files_of_tests(names) == {"checks/cart_rules.py", "src/list.check.ts", "tests/test_wrap.py"}


def test_a_file_of_which_a_test_was_told_is_one_of_tests() -> None:
    before = Results(tests=(NamedTest("checks/cart_rules.py::it_adds", TestOutcome.PASSED),))
    rules = _version("checks/cart_rules.py", "a\n", "b\n")
    plan = _plan(CODE, rules, before=before)
    assert plan.old_tests is not None
    assert plan.old_tests.files == ("checks/cart_rules.py",)
    assert _plan(CODE, rules).old_tests is None


def test_what_may_help_the_tests_is_tried_in_its_old_version_too() -> None:
    plan = _plan(_version("shop/testing.py", "a = 1\n", "a = 2\n"))
    assert plan.old_helpers is not None
    assert "shop/testing.py" not in plan.old_helpers.layer.working
    assert plan.is_needed
    assert _plan(_version("shop/testing.py", None, "a = 2\n")).old_helpers is None


def test_code_alone_needs_no_second_run() -> None:
    plan = _plan(CODE)
    assert not plan.is_needed
    assert plan.kind is Kind.FEATURE


def test_where_only_test_files_changed_only_those_run_again() -> None:
    plan = _plan(
        CODE, _version("tests/test_cart.py", "1\n", "2\n"), _version("tests/test_new.py", None, "3\n")
    )
    assert plan.old_tests is not None
    assert plan.new_tests is not None
    assert plan.old_tests.steps[0].argv == (*PYTEST.argv, "tests/test_cart.py")
    assert plan.new_tests.files == ("tests/test_cart.py", "tests/test_new.py")
    assert plan.old_tests.layer.working == ("shop/cart.py",)
    assert plan.new_tests.layer.working == ("tests/test_cart.py", "tests/test_new.py")


def test_where_configuration_changed_all_of_the_check_runs_again() -> None:
    plan = _plan(CODE, _version("conftest.py", None, "1\n"))
    assert plan.old_tests is not None
    assert plan.old_tests.steps == (PYTEST,)
    assert plan.old_tests.files == ()


def test_suppressions_are_stripped_where_something_reads_them() -> None:
    code = _version("shop/cart.py", "a = 1\n", "import os  # noqa: F401\na = 1\n")
    assert _plan(code).old_tests is None
    run = _plan(code, steps=(RUFF, PYTEST)).old_tests
    assert run is not None
    assert run.layer.texts == (("shop/cart.py", b"import os\na = 1\n"),)


@pytest.mark.parametrize(
    ("versions", "text", "kind"),
    [
        ([_version("a.py", "a = 1\n", "a = 1\n\n\n# why\n")], "Add it", Kind.NOTHING),
        ([_version("a.py", None, "")], "Add it", Kind.NOTHING),
        ([_version("a.js", "a()\n", "// why\na()\n")], "Add it", Kind.NOTHING),
        ([_version("a.py", "a = 1\n", "a = 1\n")], "Make it a program", Kind.NOTHING),
        ([_version("a.js", "a()\n", "// why\na()\n")], "Explain it in a comment", Kind.DOCUMENTATION),
        ([_version("py.typed", None, "")], "Say that it has types", Kind.FEATURE),
        ([_version("a.py", '"""Old."""\n', '"""New."""\n')], "Say it better", Kind.DOCUMENTATION),
        ([_version("README.md", "a", "b")], "Say it better", Kind.DOCUMENTATION),
        ([_version("ruff.toml", "a", "b")], "Be strict", Kind.CONFIGURATION),
        ([_version("tests/test_a.py", "a", "b")], "Test it", Kind.TESTS),
        ([_version("tests/test_a.py", "a", "b")], "Split the cases", Kind.TESTS),
        ([_version("tests/test_a.py", "a", "b")], "Add it", Kind.FEATURE),  # a test alone is no feature
        ([CODE], "Refactor the cart", Kind.REFACTORING),
        ([CODE, _version("tests/test_a.py", "a", "b")], "Refactor the cart", Kind.FEATURE),
        ([CODE], "Add a discount", Kind.FEATURE),
    ],
)
def test_a_change_has_a_kind(versions: list[FileVersion], text: str, kind: Kind) -> None:
    assert _plan(*versions, text=text).kind is kind


def test_of_a_manifest_the_program_has_its_needs_and_the_check_its_settings() -> None:
    old = '[project]\ndependencies = ["a"]\n\n[tool.pytest.ini_options]\naddopts = "-q"\n'
    new = '[project]\ndependencies = ["a", "b"]\n\n[tool.pytest.ini_options]\naddopts = "-q -x"\n'
    found = combined("pyproject.toml", new, old)
    assert found.kinds == {Part.SETTINGS}
    assert '"b"' in found.text
    assert "-x" not in found.text
    assert combined("pyproject.toml", new.replace(" -x", ""), old).kinds == set()


def test_coverage_in_a_manifest_is_about_quality() -> None:
    old, new = ({"jest": {"coverageThreshold": number}, "main": "a"} for number in (90, 50))
    found = combined("package.json", json.dumps(new), json.dumps(old))
    assert found.kinds == {Part.QUALITY}
    assert json.loads(found.text) == old


def test_a_crate_can_not_leave_its_tests_out() -> None:
    old = '[package]\nname = "a"\nversion = "1.0.0"\n'
    found = combined("Cargo.toml", old.replace("1.0.0", "2.0.0") + "autotests = false\n", old)
    assert found.kinds == {Part.SETTINGS}
    assert "autotests" not in found.text
    assert "2.0.0" in found.text


def test_tests_within_a_source_file_are_taken_apart() -> None:
    program = 'fn a() -> &\'static str { "}" }\n'
    tests = "#[cfg(test)]\nmod tests {\n    // a brace: {\n    #[test]\n    fn b() { assert!(true); }\n}\n"
    text = program + tests + "fn c() {}\n"
    assert inline_tests.tests_in(text).strip() == tests.strip()
    assert inline_tests.program_in(text).split() == (program + "fn c() {}").split()
    assert "fn d()" in inline_tests.with_tests_of("fn d() {}\n", text)
    assert "fn a()" not in inline_tests.with_tests_of("fn d() {}\n", text)


def test_a_line_that_names_a_module_of_tests_goes_with_the_tests() -> None:
    program, tests = "pub fn a() {}\n", "#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n"
    moved = "#[cfg(test)]\nmod tests;\n"
    assert inline_tests.with_tests_of(program + moved, program + tests) == f"{program}\n{tests}"
    assert inline_tests.with_tests_of(program + tests, program + moved) == f"{program}\n{moved}"


@pytest.mark.parametrize(
    ("line", "stripped"),
    [
        ("x = 1  # type: ignore[attr-defined]", "x = 1"),
        ("x = 1;  // eslint-disable-line no-console", "x = 1;"),
        ("/* eslint-disable */", ""),
        ("#[allow(dead_code)]", ""),
        ("x = 1  # a comment", "x = 1  # a comment"),
        ('x = "noqa"', 'x = "noqa"'),
    ],
)
def test_only_new_suppressions_are_stripped(line: str, stripped: str) -> None:
    assert without_new("", f"{line}\ny\n") == f"{stripped}\ny\n"
    assert without_new(f"{line}\n", f"y\n{line}\n") == f"y\n{line}\n"
    assert bool(new_suppressions("", line)) == (line != stripped)


class TestTestsOfAFileThatCanNotBeLoadedAnyMore:
    """A function went, and its test with it; the old file fails at its import."""

    OLD = (
        "from shop import count, total\n\n\ndef test_count():\n    assert count() == 1\n\n\n"
        "def test_total():\n    assert total() == 2\n"
    )
    NEW = "from shop import total\n\n\ndef test_total():\n    assert total() == 2\n"

    def _untouched(self, new: str, part: Part = Part.TESTS) -> bool:
        return is_untouched("test_shop.py::test_total", [Touched("test_shop.py", part, self.OLD, new)])

    def test_one_with_the_same_lines_is_as_it_was(self) -> None:
        assert self._untouched(self.NEW)

    def test_one_with_other_lines_is_not(self) -> None:
        assert not self._untouched(self.NEW.replace("== 2", "== 3"))

    def test_nor_is_one_with_something_new_around_it(self) -> None:
        assert not self._untouched(self.NEW.replace("from shop", "from fake_shop"))

    def test_nor_is_one_whose_helper_was_touched(self) -> None:
        assert not self._untouched(self.NEW, Part.SUPPORT)
