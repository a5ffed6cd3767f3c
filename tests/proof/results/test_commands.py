"""What a step leads to is found through what usually stands between a check and its runner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batch_implement.proof.check_command import Step
from batch_implement.proof.results.recording import record
from batch_implement.proof.results.wrappers import unwrapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.mark.parametrize(
    ("command", "inner"),
    [
        ("uv run pytest -q", "pytest -q"),
        ("uv run --with pytest-xdist -- pytest", "pytest"),
        ("poetry run python -m pytest", "python -m pytest"),
        ("python3 -m uv run pytest", "pytest"),
        ("A=b env -u C D=e timeout -k 5 60 nice -n 5 pytest", "pytest"),
        ("npx --yes jest", "jest"),
        ("npx c8 --reporter lcov mocha", "mocha"),
        ("pnpm exec vitest run", "vitest run"),
        ("cross-env NODE_ENV=test jest", "jest"),
        ("bundle exec rspec", "rspec"),
        ("pytest", "pytest"),
        ("", ""),
        ("env", ""),
    ],
)
def test_what_wraps_a_command_is_taken_off(command: str, inner: str) -> None:
    assert unwrapped(tuple(command.split())) == tuple(inner.split())


def _expected(folder: Path, command: str, files: Mapping[str, str]) -> tuple[str, ...]:
    root = folder / "project"
    root.mkdir()
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return record(Step(tuple(command.split())), root=root, folder=folder / "r", environment={}).expected


def _scripts(**scripts: str) -> Mapping[str, str]:
    return {"package.json": json.dumps({"scripts": scripts})}


@pytest.mark.parametrize(
    ("command", "files", "runners"),
    [
        ("pytest", {}, "pytest"),
        ("/usr/bin/python3.12 -W error -m pytest", {}, "pytest"),
        ("coverage run --source=a -m unittest discover", {}, "unittest"),
        ("tox", {"tox.ini": "[testenv]\ncommands = pytest {posargs}\n"}, "pytest"),
        ("nox -s tests", {"noxfile.py": "def tests(session):\n    session.run('pytest', '-q')\n"}, "pytest"),
        ("npm test", _scripts(test="eslint . && jest --ci"), "jest"),
        (
            "npm t",
            _scripts(test="npm run unit && npm run end", unit="vitest run", end="mocha"),
            "vitest mocha",
        ),
        ("npm test", _scripts(pretest="node --test", test="true"), "node"),
        ("yarn check", _scripts(check="yarn run jest"), "jest"),
        ("pnpm -r test", _scripts(test="cd a; NODE_OPTIONS=--x node node_modules/.bin/mocha"), "mocha"),
        ("npm test", _scripts(test="react-scripts test"), "jest"),
        ("npm ci", _scripts(test="jest"), ""),
        ("npm test", _scripts(test="npm test"), ""),
        ("npm test", {"package.json": "["}, ""),
        (
            "make check",
            {"Makefile": "PY ?= python3\ncheck: a b\na:\n\t@$(PY) -m pytest\nb:\n\t-go test ./...\n"},
            "pytest go",
        ),
        ("make", {"Makefile": "all: unit\nunit:\n\tcargo +nightly test\nother:\n\tpytest\n"}, "cargo"),
        ("make", {"Makefile": "all:\n\tpytest\n", "GNUmakefile": "all:\n\ttrue\n"}, ""),
        ("make", {"Makefile": "all:\n\t$(MAKE) unit\nunit:\n\tpytest\n"}, "pytest"),
        ("make", {"Makefile": "include a.inc\n", "a.inc": "all:\n\tpytest\n"}, "pytest"),
        ("python3 -m coverage run -m pytest -m slow", {}, "pytest"),
        ("just test", {"justfile": "test:\n    pytest -q\n"}, "pytest"),
        (
            "./check.sh",
            {"check.sh": "#!/usr/bin/env bash\nset -e\n# jest\nuv run pytest |\n  tee log\n"},
            "pytest",
        ),
        ("flake8 pytest", {}, ""),
        ("pip install pytest", {}, ""),
        ('echo "unclosed', {}, ""),
    ],
)
def test_the_runners_that_a_step_starts_are_seen(
    tmp_path: Path, command: str, files: Mapping[str, str], runners: str
) -> None:
    assert set(_expected(tmp_path, command, files)) == set(runners.split())


def test_a_script_that_calls_itself_in_ever_other_words_comes_to_an_end(tmp_path: Path) -> None:
    lines = "\n".join(f"\tmake a{number} a" for number in range(2000))
    assert _expected(tmp_path, "make a", {"Makefile": f"a:\n{lines}\n"}) == ()


def test_the_variables_of_the_step_and_of_the_environment_are_kept(tmp_path: Path) -> None:
    recording = record(
        Step(("npm", "test"), (("NODE_OPTIONS", "--no-warnings"), ("A", "b"))),
        root=tmp_path / "p",
        folder=tmp_path / 'with space and "quotes"',
        environment={"PYTHONPATH": "src", "NODE_OPTIONS": "--inspect"},
    )
    variables = dict(recording.step.variables)
    assert variables["A"] == "b"
    assert variables["PYTHONPATH"].startswith("src:/")
    assert variables["NODE_OPTIONS"].startswith('--no-warnings --require="/')
    assert '\\"quotes\\"' in variables["NODE_OPTIONS"]
