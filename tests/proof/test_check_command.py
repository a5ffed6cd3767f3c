"""The command that proves a feature is the user's, else the one the project's own files name."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch_implement.errors import ConfigError
from batch_implement.proof.check_command import Step, find_check, parse_command

if TYPE_CHECKING:
    from pathlib import Path


def _project(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
        if name.endswith(("bin/python", "mvnw", "gradlew")):
            (root / name).chmod(0o755)


def _found(root: Path, files: dict[str, str]) -> str:
    _project(root, files)
    return str(find_check(root, ""))


def _scripts(**scripts: str) -> str:
    return json.dumps({"name": "app", "scripts": scripts})


PYTEST = "python3 -m pytest -q"
TEST = "def test_one(): ...\n"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n"}, PYTEST),
        ({"pyproject.toml": "[tool.pytest]\n"}, PYTEST),
        ({"setup.cfg": "[tool:pytest]\n"}, PYTEST),
        ({"tox.ini": "[pytest]\n"}, PYTEST),
        ({"pytest.ini": ""}, PYTEST),
        ({"conftest.py": ""}, PYTEST),
        ({"tests/conftest.py": ""}, PYTEST),
        ({"tests/test_app.py": TEST}, PYTEST),
        ({"test/app_test.py": TEST}, PYTEST),
        ({"test_app.py": TEST}, PYTEST),
        ({"pytest.ini": "", ".venv/bin/python": ""}, ".venv/bin/python -m pytest -q"),
        ({"pytest.ini": "", "venv/bin/python": ""}, "venv/bin/python -m pytest -q"),
        ({"pytest.ini": "", "uv.lock": ""}, "uv run python -m pytest -q"),
        ({"pytest.ini": "", "poetry.lock": ""}, "poetry run python -m pytest -q"),
        ({"package.json": _scripts(test="jest")}, "npm test"),
        ({"package.json": _scripts(test="jest"), "package-lock.json": "{}"}, "npm test"),
        ({"package.json": _scripts(test="jest"), "yarn.lock": ""}, "yarn test"),
        ({"package.json": _scripts(test="jest"), "pnpm-lock.yaml": ""}, "pnpm test"),
        ({"package.json": _scripts(test="vitest run"), "bun.lock": ""}, "bun run test"),
        ({"package.json": _scripts(test="vitest run"), "bun.lockb": ""}, "bun run test"),
        ({"Cargo.toml": '[package]\nname = "app"\n'}, "cargo test"),
        ({"go.mod": "module example.com/app\n"}, "go test -v ./..."),
        ({"pom.xml": "<project/>"}, "mvn test"),
        ({"pom.xml": "<project/>", "mvnw": "#!/bin/sh\n"}, "./mvnw test"),
        ({"build.gradle": ""}, "gradle test"),
        ({"build.gradle.kts": "", "gradlew": "#!/bin/sh\n"}, "./gradlew test"),
        ({"mix.exs": ""}, "mix test"),
        ({".rspec": "--require spec_helper\n"}, "bundle exec rspec"),
        ({"phpunit.xml": "<phpunit/>"}, "vendor/bin/phpunit"),
        ({"phpunit.xml.dist": "<phpunit/>"}, "vendor/bin/phpunit"),
        ({"deno.json": "{}"}, "deno test"),
        ({"deno.jsonc": "{}"}, "deno test"),
        ({"Package.swift": ""}, "swift test"),
        ({"Makefile": "all:\n\ttrue\n\ntest: all\n\ttrue\n"}, "make test"),
        ({"GNUmakefile": "test:\n\ttrue\n"}, "make test"),
    ],
)
def test_a_projects_own_files_name_its_check(tmp_path: Path, files: dict[str, str], command: str) -> None:
    assert _found(tmp_path, files) == command
    check = find_check(tmp_path, "")
    assert check is not None
    assert check.source == "found in the project"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "# app\n", "app.py": "print()\n"},
        {"pyproject.toml": "[project]\nname = 'app'\n"},
        {"package.json": json.dumps({"name": "app"})},
        {"package.json": _scripts(build="tsc")},
        {"package.json": _scripts(test='echo "Error: no test specified" && exit 1')},
        {"package.json": "not JSON"},
        {"package.json": "[" * 100_000},
        {"package.json": '{"scripts": ["test"]}'},
        {"package.json": '{"scripts": {"test": 3}}'},
        {"package.json": '"text"'},
        {"package.json": "{" + " " * (2 * 1024 * 1024) + '"scripts": {"test": "jest"}}'},
        {"Makefile": "all:\n\ttrue\nlatest:\n\ttrue\n# test: comment\n"},
        {"Makefile": "test := all of them\n"},
    ],
)
def test_a_project_without_tests_has_no_check(tmp_path: Path, files: dict[str, str]) -> None:
    _project(tmp_path, files)
    assert find_check(tmp_path, "") is None


def test_a_project_in_two_languages_is_checked_in_both(tmp_path: Path) -> None:
    files = {"tests/test_app.py": TEST, "package.json": _scripts(test="jest"), "Makefile": "test:\n\ttrue\n"}
    assert _found(tmp_path, files) == f"{PYTEST} && npm test"


def test_make_is_taken_only_where_nothing_else_is_found(tmp_path: Path) -> None:
    assert _found(tmp_path, {"go.mod": "module a\n", "Makefile": "test:\n\ttrue\n"}) == "go test -v ./..."


def test_the_configured_command_goes_before_what_is_found(tmp_path: Path) -> None:
    _project(tmp_path, {"pytest.ini": ""})
    check = find_check(tmp_path, "make check")
    assert check is not None
    assert (str(check), check.source) == ("make check", "BATCH_VERIFY_COMMAND")


def test_a_manifest_that_is_a_fifo_or_leads_outside_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    os.mkfifo(root / "package.json")
    (tmp_path / "Makefile").write_text("test:\n\ttrue\n")
    (root / "Makefile").symlink_to("../Makefile")
    (root / "pyproject.toml").mkdir()
    (root / "setup.cfg").symlink_to("setup.cfg")
    assert find_check(root, "") is None


# --- BATCH_VERIFY_COMMAND ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("make test", [Step(("make", "test"))]),
        ("  make   test  ", [Step(("make", "test"))]),
        ("pytest -k 'not slow' \"tests/a b\"", [Step(("pytest", "-k", "not slow", "tests/a b"))]),
        ("ruff check . && pytest -q", [Step(("ruff", "check", ".")), Step(("pytest", "-q"))]),
        ("a&&b", [Step(("a",)), Step(("b",))]),
        ("CI=1 DEBUG= npm test", [Step(("npm", "test"), (("CI", "1"), ("DEBUG", "")))]),
        ("A='x y' run B=2", [Step(("run", "B=2"), (("A", "x y"),))]),
        ("pytest -k 'a && b | c'", [Step(("pytest", "-k", "a && b | c"))]),
        ("make test#fast # all", [Step(("make", "test#fast", "#", "all"))]),
        ("pytest -m 'price > $5'", [Step(("pytest", "-m", "price > $5"))]),
        ("./check '(all)' ''", [Step(("./check", "(all)", ""))]),
    ],
)
def test_a_command_is_split_as_a_shell_would(text: str, steps: list[Step]) -> None:
    assert list(parse_command(text, "BATCH_VERIFY_COMMAND").steps) == steps


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("make test | tee log", "'|' needs a shell"),
        ("make test; make lint", "';' needs a shell"),
        ("make test || true", "'||' needs a shell"),
        ("make test &", "'&' needs a shell"),
        ("make test > log 2>&1", "'>' needs a shell"),
        ("(cd web && npm test)", "'(' needs a shell"),
        ("pytest $ARGS", "'$' needs a shell"),
        ("pytest -k $(cat names)", "needs a shell"),
        ("echo `id`", "'`' needs a shell"),
        ("pytest tests/${SUITE}", "'$' needs a shell"),
        ("make test &&", "a program is missing before or after '&&'"),
        ("&& make test", "a program is missing"),
        ("a && && b", "a program is missing"),
        ("CI=1", "a program is missing"),
        ("make 'test", "no closing quotation"),
        ("make test \\", "no escaped character"),
    ],
)
def test_what_needs_a_shell_is_refused_with_a_way_out(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_command(text, "BATCH_VERIFY_COMMAND")
    assert str(caught.value).startswith("BATCH_VERIFY_COMMAND is ")
    assert words in str(caught.value)


def test_a_long_command_is_shown_shortened() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_command("x" * 10_000 + " | y", "BATCH_VERIFY_COMMAND")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["make 'a b' && C='d e' ./f '' g\\'h", "X= y"])
def test_a_command_reads_again_as_it_is_shown(text: str) -> None:
    check = parse_command(text, "BATCH_VERIFY_COMMAND")
    assert parse_command(str(check), "BATCH_VERIFY_COMMAND").steps == check.steps


@settings(max_examples=300, deadline=None)
@given(st.text(st.one_of(st.sampled_from(list("ab= '\"\\&|;<>()$`#\n")), st.characters()), max_size=60))
def test_any_text_is_a_command_or_refused(text: str) -> None:
    try:
        check = parse_command(text, "BATCH_VERIFY_COMMAND")
    except ConfigError:
        return
    assert all(step.argv for step in check.steps)
    assert parse_command(str(check), "BATCH_VERIFY_COMMAND").steps == check.steps
