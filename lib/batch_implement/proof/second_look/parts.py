"""What a file is to the check: a test, what tests stand on, the check's own settings, or the program.

By name and place, so it is coarse; it decides whose version a second run sees, never what is refused.
"""

from __future__ import annotations

import re
import sys
from enum import Enum
from typing import TYPE_CHECKING

from batch_implement.proof.results.base import program_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from batch_implement.proof.results.base import Command


class Part(Enum):
    """All but ``PROGRAM``, ``DATA`` and ``DOCUMENT`` take part in the check."""

    TESTS = "tests"
    """A file of tests that a runner can be given by its path."""
    SUPPORT = "support"
    """Helpers, fixtures, expected output."""
    SETTINGS = "settings"
    """How the tests are run: configuration, scripts, what stands in a runner's way."""
    QUALITY = "quality"
    """How strictly the code is looked at: linters, types, coverage."""
    MANIFEST = "manifest"
    """Partly the program's, partly the check's: they are taken apart."""
    LOCK = "lock"
    PROGRAM = "program"
    DATA = "data"
    DOCUMENT = "document"


IN_THE_CHECK = frozenset({Part.TESTS, Part.SUPPORT, Part.SETTINGS, Part.QUALITY, Part.MANIFEST, Part.LOCK})

SOURCES = (
    *(".py", ".pyx", ".pyi", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"),
    *(".go", ".rs", ".rb", ".java", ".kt", ".kts", ".scala", ".groovy", ".cs", ".fs", ".php", ".c", ".h"),
    *(".cc", ".cpp", ".cxx", ".hpp", ".hh", ".swift", ".m", ".mm", ".ex", ".exs", ".erl", ".clj", ".hs"),
    *(".ml", ".lua", ".pl", ".pm", ".r", ".jl", ".dart", ".zig", ".nim", ".sh", ".bash", ".zsh", ".sql"),
)
_DOCUMENTS = (".md", ".rst", ".adoc", ".mdx")
_DOCUMENT_NAMES = re.compile(r"(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS|CHANGELOG|CHANGES|README)(?:\..{1,20})?")

_TEST_NAMES = re.compile(
    r"tests?_.{1,200}|.{1,200}_(?:tests?|spec)\.[a-z]{1,5}|tests?\.[a-z]{1,5}|.{1,200}[.-](?:test|spec)\.[a-z]{1,5}"
    r"|.{1,200}(?:Tests?|IT|Spec|TestCase)\.[a-z]{1,10}|Test[A-Z].{0,200}"
)
_TEST_FOLDERS = re.compile(
    r"(?:tests?|__tests?__|specs?|e2e|testdata|test[-_](?:data|utils?|helpers?|support)|__snapshots__|__mocks__"
    r"|__fixtures__|cypress)"
)
_SUPPORT_FOLDERS = re.compile(r"(?:fixtures?|goldens?|snapshots?|cassettes)")
# Of data alone: a folder of programs may be called so.
_EXPECTED = re.compile(r"(?:expected|expectations?)(?:[-_].{1,100})?")
_SUPPORT_NAMES = re.compile(
    r"conftest\.py|.{1,200}\.(?:snap|golden|approved(?:\.[a-z]{1,10})?|ambr)|doctest.{0,50}\.txt"
)
_SETTINGS_NAMES = re.compile(
    r"\.?pytest\.(?:ini|toml)|tox\.(?:ini|toml)|noxfile\.py|(?:GNU)?[Mm]akefile|.{1,200}\.mk|\.?[Jj]ustfile"
    r"|Rakefile|Taskfile\.ya?ml|\.(?:mocharc|rspec|npmrc|yarnrc|nvmrc|node-version|python-version|envrc|env)"
    r"(?:\..{1,20})?|(?:jest|vitest|vite|karma|playwright|cypress|wdio|ava|babel)\.(?:config|conf|workspace|setup)"
    r"\..{1,20}|(?:jest|vitest|test)[.-]?setup\..{1,20}|\.babelrc.{0,10}|rust-toolchain(?:\.toml)?|go\.work"
    r"|phpunit\.xml(?:\.dist)?|pom\.xml|build\.gradle(?:\.kts)?|mvnw|gradlew|CMakeLists\.txt|CTest.{1,20}\.cmake"
    r"|(?:site|user)customize\.py|.{1,200}\.pth|\.testrc|karma\.conf\.js|bunfig\.toml|deno\.jsonc?"
)
_SETTINGS_PLACES = re.compile(
    r"\.cargo/.{1,200}|\.github/(?:workflows|actions)/.{1,1000}|\.gitlab-ci\.yml|\.circleci/.{1,200}"
    r"|azure-pipelines\.yml|\.travis\.yml|bitbucket-pipelines\.yml|\.ci/.{1,200}|\.pre-commit-config\.ya?ml"
    r"|Jenkinsfile|\.drone\.yml|\.husky/.{1,200}"
)
_QUALITY_NAMES = re.compile(
    r"\.?ruff\.toml|\.?mypy\.ini|\.flake8|\.pylintrc|pylintrc|\.coveragerc|pyrightconfig\.json|\.bandit|\.isort\.cfg"
    r"|\.?eslint(?:rc|ignore|\.config)?(?:\..{1,20})?|\.(?:eslintrc|eslintignore|prettierrc|stylelintrc)(?:\..{1,20})?"
    r"|tsconfig(?:\..{1,50})?\.json|jsconfig\.json|biome\.jsonc?|\.?clippy\.toml|\.?rustfmt\.toml"
    r"|\.golangci\..{1,10}|\.rubocop\.ya?ml|phpstan\.neon.{0,10}|psalm\.xml|\.(?:nycrc|c8rc)(?:\..{1,10})?"
    r"|\.swiftlint\.yml|\.clang-tidy|codecov\.ya?ml|\.editorconfig"
)
_MANIFESTS = frozenset({"pyproject.toml", "setup.cfg", "package.json", "Cargo.toml"})
_LOCKS = re.compile(
    r"(?:uv|poetry|pdm|Cargo|Gemfile|composer|mix|flake)\.lock|package-lock\.json|npm-shrinkwrap\.json"
    r"|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|Pipfile\.lock|go\.sum"
)
_SCRIPT_FOLDERS = re.compile(r"(?:scripts?|tools?|ci|bin|hack|dev)")
_SCRIPT_WORDS = re.compile(
    r"(?:^|[-_.])(?:tests?|check|verify|lint|ci|spec|coverage)(?:[-_.]|$)", re.IGNORECASE
)
# In a program's own folders, what its tests are helped by, or a part of the program like any other.
_HELPERS = re.compile(
    r"(?:.{0,1000}/)?(?:testing|test(?:utils?|helpers?|kit|support))/.{1,1000}"
    r"|(?:.{0,1000}/)?(?:testing|test(?:[Uu]tils?|[Hh]elpers?|[Kk]it|[Ss]upport))\.[a-z]{1,5}"
)
# Module, class and method.
_OF_UNITTEST = re.compile(r"[^\W\d]\w{0,200}(?:\.[^\W\d]\w{0,200}){2,30}")
# Programs that only read a file, as the shell and make do.
_READ = frozenset({".", "source", "include"})
_INTERPRETERS = re.compile(r"(?:python[\d.]*|pypy[\d.]*|node|deno|bun|sh|bash|dash|zsh|ruby|php|perl|tsx)")
# A module of one of these names, where modules are looked for first, takes the place of a runner's.
_RUNNERS_MODULES = re.compile(
    r"(?:pytest|_pytest|pluggy|iniconfig|coverage|xdist|pytest_cov|hypothesis|mock|nose|nose2|tox|nox"
    r"|mypy|ruff|flake8|pylint|pyflakes|pycodestyle|black|isort|bandit|pytest_asyncio|pytest_timeout)"
)


def part_of(path: str, named: Collection[str] = (), tests: Collection[str] = ()) -> Part:
    """``named`` are the files that the check command is seen to run, ``tests`` those in which tests are known
    to stand."""
    folders, name = path.split("/")[:-1], path.rsplit("/", 1)[-1]
    if name in _MANIFESTS:
        return Part.MANIFEST
    if _LOCKS.fullmatch(name):
        return Part.LOCK
    if _QUALITY_NAMES.fullmatch(name):
        return Part.QUALITY
    if _SETTINGS_NAMES.fullmatch(name) or _SETTINGS_PLACES.fullmatch(path):
        return Part.SETTINGS
    if _SUPPORT_NAMES.fullmatch(name):
        return Part.SUPPORT
    is_source = name.endswith(SOURCES)
    if is_source and (path in tests or _TEST_NAMES.fullmatch(name)):
        return Part.TESTS
    if any(map(_TEST_FOLDERS.fullmatch, folders)):
        return Part.TESTS if is_source and _is_whole_test(folders[-1], name) else Part.SUPPORT
    expected = not is_source and any(map(_EXPECTED.fullmatch, folders))
    if expected or any(map(_SUPPORT_FOLDERS.fullmatch, folders)):
        return Part.SUPPORT
    if _shadows(folders, name):
        return Part.SETTINGS
    if path in named or _is_script(folders, name):
        return Part.SETTINGS
    if name.endswith(_DOCUMENTS) or _DOCUMENT_NAMES.fullmatch(name) or "docs" in folders[:1]:
        return Part.DOCUMENT
    return Part.PROGRAM if is_source else Part.DATA


def may_help_tests(path: str) -> bool:
    """Whether a file of the program may as well be one that only tests use."""
    return path.endswith(SOURCES) and _HELPERS.fullmatch(path) is not None


def files_of_tests(names: Iterable[str]) -> frozenset[str]:
    """The files that runners' names say tests stand in; those with examples in their documentation are the
    program's."""
    found = set()
    for name in names:
        path, separator, test = name.partition("::")
        if not separator:
            path = name.partition(" > ")[0]
        elif "." in test.partition("[")[0]:
            continue
        if _OF_UNITTEST.fullmatch(path):
            path = f"{'/'.join(path.split('.')[:-2])}.py"
        if path.endswith(SOURCES) and not path.endswith(".rs"):
            found.add(path)
    return frozenset(found)


def _is_whole_test(folder: str, name: str) -> bool:
    """Where a folder alone makes a file one of tests: Cargo's ``tests``, jest's ``__tests__``."""
    return folder == "__tests__" or (folder == "tests" and name.endswith(".rs"))


def _shadows(folders: list[str], name: str) -> bool:
    """Whether a module is found before one of Python's own, or of a runner, by the same name."""
    if folders and (len(folders) > 1 or name != "__init__.py"):
        return False
    module = folders[0] if folders else name.removesuffix(".py")
    is_module = bool(folders) or name.endswith(".py")
    return is_module and (_RUNNERS_MODULES.fullmatch(module) is not None or module in sys.stdlib_module_names)


def _is_script(folders: list[str], name: str) -> bool:
    in_scripts = bool(folders) and _SCRIPT_FOLDERS.fullmatch(folders[0]) is not None
    return in_scripts and (name.endswith((".sh", ".bash")) or _SCRIPT_WORDS.search(name) is not None)


def files_run(commands: Iterable[Command]) -> frozenset[str]:
    """The files that commands run as programs, by their paths as the commands write them."""
    found = set()
    for command in commands:
        words = command
        if program_of(words) in _READ:
            words = words[1:2]
        elif words and _INTERPRETERS.fullmatch(program_of(words)):
            words = (
                tuple(word for word in words[1:] if not word.startswith("-"))[:1] if "-m" not in words else ()
            )
        found |= {word.removeprefix("./") for word in words[:1] if "/" in word or "." in word}
    return frozenset(found)
