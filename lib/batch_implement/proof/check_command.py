"""The command that proves a feature: given by the user, or found from the project's own files."""

from __future__ import annotations

import json
import os
import re
import shlex
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.errors import ConfigError, PathError
from batch_implement.system.files.inside import inside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MANIFEST_LIMIT = 1024 * 1024
_SHELL_ONLY = frozenset("|&;<>()")
# What makes a "$" before it more than a letter.
_EXPANDED = frozenset(f"{string.ascii_letters}{string.digits}_{{(*@#?$!-")
_ASSIGNMENT = re.compile(r"\A[A-Za-z_][A-Za-z0-9_]*=")
_TEST_TARGET = re.compile(rb"^test[ \t]*:(?!=)", re.MULTILINE)
_NPM_PLACEHOLDER = "no test specified"


@dataclass(frozen=True)
class Step:
    """One program of a check: its arguments, and the variables set for it alone."""

    argv: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CheckCommand:
    """Steps that must all succeed, one after the other. ``source`` says where the command comes from."""

    steps: tuple[Step, ...]
    source: str

    def __str__(self) -> str:
        return " && ".join(_display(step) for step in self.steps)


def find_check(root: Path, configured: str) -> CheckCommand | None:
    """The check command: the configured one, else one for each language the project tests in.

    None when nothing is found. Raises :class:`ConfigError` for a configured command that needs a shell.
    """
    if configured.strip():
        return parse_command(configured, "BATCH_VERIFY_COMMAND")
    found = [step for find in _FINDERS if (step := find(root)) is not None]
    if not found and (step := _make(root)) is not None:
        found = [step]
    if not found:
        return None
    return CheckCommand(tuple(found), "found in the project")


def parse_command(text: str, setting: str) -> CheckCommand:
    """``NAME=value program argument && program …``; everything else of a shell is refused.

    Raises :class:`ConfigError` that names the setting.
    """
    if expansion := _expansion(text):
        raise _needs_shell(text, expansion, setting)
    steps: list[Step] = []
    words: list[str] = []
    for word in [*_tokens(text, setting), "&&"]:
        if word != "&&":
            if word and set(word) <= _SHELL_ONLY:
                raise _needs_shell(text, word, setting)
            words.append(word)
            continue
        steps.append(_step(words, text, setting))
        words = []
    return CheckCommand(tuple(steps), setting)


def _tokens(text: str, setting: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError as error:
        raise ConfigError(f"{setting} is {text[:80]!r}: {str(error).lower()}.") from error


def _expansion(text: str) -> str:
    """The ``$`` or backquote by which a shell would put something else in its place, or ``""``."""
    quote = ""
    letters = iter(zip(text, [*text[1:], ""], strict=False))
    for letter, following in letters:
        if letter == "\\" and quote != "'":
            next(letters, None)
        elif letter in {"'", '"'} and quote in {"", letter}:
            quote = "" if quote else letter
        elif quote != "'" and (letter == "`" or (letter == "$" and following in _EXPANDED)):
            return letter
    return ""


def _step(words: list[str], text: str, setting: str) -> Step:
    variables = []
    while words and _ASSIGNMENT.match(words[0]):
        name, _, value = words.pop(0).partition("=")
        variables.append((name, value))
    if not words:
        raise ConfigError(f"{setting} is {text[:80]!r}: a program is missing before or after '&&'.")
    return Step(tuple(words), tuple(variables))


def _needs_shell(text: str, token: str, setting: str) -> ConfigError:
    return ConfigError(
        f"{setting} is {text[:80]!r}, and {token!r} needs a shell, which is not used. "
        "Put it into a script of the project and name that; 'A && B' is understood."
    )


def _display(step: Step) -> str:
    assignments = [f"{name}={shlex.quote(value)}" for name, value in step.variables]
    return " ".join([*assignments, shlex.join(step.argv)])


def _text(root: Path, name: str) -> bytes:
    """A file of the project, cut at a megabyte; empty when it isn't a regular file inside of it."""
    path = root / name
    try:
        if not inside(root, path).is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_MANIFEST_LIMIT)
    except (OSError, RuntimeError, PathError):  # RuntimeError: a link to itself
        return b""


def _pytest(root: Path) -> Step | None:
    configured = (
        b"[tool.pytest" in _text(root, "pyproject.toml")
        or b"[tool:pytest]" in _text(root, "setup.cfg")
        or b"[pytest]" in _text(root, "tox.ini")
        or any((root / name).is_file() for name in ("pytest.ini", "conftest.py", "tests/conftest.py"))
    )
    folders = (root, root / "tests", root / "test")
    if not configured and not any(_has_python_tests(folder) for folder in folders):
        return None
    return Step((*_python(root), "-m", "pytest", "-q"))


def _has_python_tests(folder: Path) -> bool:
    return any(folder.glob("test_*.py")) or any(folder.glob("*_test.py"))


def _python(root: Path) -> tuple[str, ...]:
    """The interpreter that has the project's packages."""
    for name in (".venv", "venv"):
        if os.access(root / name / "bin" / "python", os.X_OK):
            return (f"{name}/bin/python",)
    if (root / "uv.lock").is_file():
        return ("uv", "run", "python")
    if (root / "poetry.lock").is_file():
        return ("poetry", "run", "python")
    return ("python3",)


def _npm(root: Path) -> Step | None:
    try:
        manifest = json.loads(_text(root, "package.json") or b"{}")
        script = manifest.get("scripts", {}).get("test", "")
    except (ValueError, AttributeError, RecursionError):
        return None
    if not isinstance(script, str) or not script or _NPM_PLACEHOLDER in script:
        return None
    managers = (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lockb", "bun"), ("bun.lock", "bun"))
    manager = next((name for lock, name in managers if (root / lock).is_file()), "npm")
    return Step(("bun", "run", "test") if manager == "bun" else (manager, "test"))


def _make(root: Path) -> Step | None:
    found = any(_TEST_TARGET.search(_text(root, name)) for name in ("GNUmakefile", "makefile", "Makefile"))
    return Step(("make", "test")) if found else None


def _when(*names: str, then: tuple[str, ...]) -> Callable[[Path], Step | None]:
    return lambda root: Step(then) if any((root / name).is_file() for name in names) else None


def _with_wrapper(wrapper: str, program: str, names: tuple[str, ...]) -> Callable[[Path], Step | None]:
    def find(root: Path) -> Step | None:
        if not any((root / name).is_file() for name in names):
            return None
        executable = f"./{wrapper}" if os.access(root / wrapper, os.X_OK) else program
        return Step((executable, "test"))

    return find


_FINDERS: tuple[Callable[[Path], Step | None], ...] = (
    _pytest,
    _npm,
    _when("Cargo.toml", then=("cargo", "test")),
    # -v, because only then go says how many tests it ran.
    _when("go.mod", then=("go", "test", "-v", "./...")),
    _with_wrapper("mvnw", "mvn", ("pom.xml",)),
    _with_wrapper("gradlew", "gradle", ("build.gradle", "build.gradle.kts")),
    _when("mix.exs", then=("mix", "test")),
    _when(".rspec", then=("bundle", "exec", "rspec")),
    _when("phpunit.xml", "phpunit.xml.dist", then=("vendor/bin/phpunit",)),
    _when("deno.json", "deno.jsonc", then=("deno", "test")),
    _when("Package.swift", then=("swift", "test")),
)
