"""The architecture is as it is written down: who may import whom, who may start a process, what is small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lib/batch_implement"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text()) for path in MODULES}
STANDARD = sys.stdlib_module_names
CHOSEN = {"filelock", "jsonschema", "dotenv", "yaml"}
FOR_TYPES = {"typing_extensions"}

# What a part may import beside itself; nothing imports what stands above it.
_BASE = {"model", "state", "system"}
_DOMAIN = {"sources", "dependencies", "scheduling", "proof", "delivery", "recovery", "oversight"}
BELOW = {
    "": set(),
    "system": set(),
    "model": {"state", "system"},
    "state": {"model", "system"},
    "workspace": {"model", "state", "system"},
    "sources": {*_BASE, "presentation"},
    "dependencies": {*_BASE, "sources"},
    "scheduling": _BASE,
    "proof": {*_BASE, "workspace"},
    "delivery": {*_BASE, "workspace"},
    "recovery": _BASE,
    "oversight": _BASE,
    "presentation": {*_BASE, *_DOMAIN, "workspace", "engine"},
    "engine": {*_BASE, *_DOMAIN, "workspace", "presentation", "api"},
    "execution": {*_BASE, *_DOMAIN, "workspace", "presentation", "engine", "cli"},
    "api": {*_BASE, *_DOMAIN, "workspace", "presentation", "engine"},
    "demo": {"execution", "state", "system"},
    "cli": {*_BASE, *_DOMAIN, "workspace", "presentation", "engine", "execution", "demo", "api"},
    "__main__": {"cli", "execution"},
}


def _part(path: Path) -> str:
    """``system``, ``cli``…; ``""`` for what everybody may import."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else "__main__" if parts[0] == "__main__.py" else ""


def _imported(tree: ast.AST) -> set[str]:
    """The names of all modules that are imported anywhere in it, for types only too."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def _offenders(problem: Callable[[Path, ast.Module], object]) -> dict[str, object]:
    """What is wrong, by module."""
    found = {str(path.relative_to(PACKAGE)): problem(path, tree) for path, tree in TREES.items()}
    return {path: wrong for path, wrong in found.items() if wrong}


def test_imports_point_one_way() -> None:
    def upwards(path: Path, tree: ast.Module) -> set[str]:
        own = {name.split(".")[1] for name in _imported(tree) if name.startswith("batch_implement.")}
        return (own & BELOW.keys()) - BELOW[_part(path)] - {_part(path)}

    assert _offenders(upwards) == {}


# They are being rewritten; nobody is to be added.
STILL_IMPORT_THE_API = {"cli/doctor.py", "cli/sources.py", "engine/resume.py", "engine/start.py"}


def test_the_documented_names_are_for_others_and_not_imported_by_the_product() -> None:
    def of_the_api(path: Path, tree: ast.Module) -> set[str]:
        names = {name for name in _imported(tree) if name.startswith("batch_implement.api")}
        return set() if _part(path) == "api" else names

    assert set(_offenders(of_the_api)) == STILL_IMPORT_THE_API


def test_every_part_has_its_place() -> None:
    assert {_part(path) for path in MODULES} <= BELOW.keys()


def test_nothing_is_imported_but_the_standard_library_and_what_was_chosen() -> None:
    def foreign(_: Path, tree: ast.Module) -> set[str]:
        roots = {name.split(".")[0] for name in _imported(tree)}
        return roots - STANDARD - {"batch_implement"} - CHOSEN - FOR_TYPES

    assert _offenders(foreign) == {}


def test_what_is_not_of_the_standard_library_is_imported_where_it_is_used() -> None:
    def at_once(_: Path, tree: ast.Module) -> set[str]:
        outside = [
            node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.If))
        ]
        return {name.split(".")[0] for name in _imported(ast.Module(outside, []))} & (CHOSEN | FOR_TYPES)

    assert _offenders(at_once) == {}


def test_one_module_starts_processes() -> None:
    starters = {"subprocess", "multiprocessing", "pty", "asyncio", "concurrent"}

    def starts(path: Path, tree: ast.Module) -> set[str]:
        return {name for name in _imported(tree) if name.split(".")[0] in starters}

    assert set(_offenders(starts)) == {"system/process/program.py"}


def test_no_program_is_started_by_a_shell_and_no_text_is_run() -> None:
    forbidden = ("os.system", "os.popen", "os.spawn", "os.exec", "os.posix_spawn", "pickle.", "yaml.load")

    def dangerous(_: Path, tree: ast.Module) -> list[str]:
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        shells = [
            ast.unparse(call) for call in calls if any(keyword.arg == "shell" for keyword in call.keywords)
        ]
        names = [ast.unparse(call.func) for call in calls]
        run = [name for name in names if name.startswith(forbidden) or name in {"eval", "exec"}]
        return shells + run

    assert _offenders(dangerous) == {}


def test_no_module_is_so_long_that_it_is_two_things() -> None:
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_every_module_says_what_it_is() -> None:
    assert _offenders(lambda _, tree: not ast.get_docstring(tree)) == {}


def _loaded_by(*names: str) -> set[str]:
    """The modules that a fresh Python has after these of ``session``, without the environment's packages."""
    imports = ", ".join(f"batch_implement.execution.in_session.{name}" for name in names)
    code = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\nimport {imports}\nprint(*sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())


HOOK_MODULES = [
    path
    for path in sorted((PACKAGE / "execution/in_session").glob("*.py"))
    if path.name != "slash_command.py"
]


@pytest.mark.parametrize("path", HOOK_MODULES, ids=lambda path: path.name)
def test_a_hook_loads_the_standard_library_only(path: Path) -> None:
    """As it is started: without the environment's packages on the path."""
    loaded = {name.split(".")[0] for name in _loaded_by(path.stem)}
    others = loaded - STANDARD - {"batch_implement", "__main__", "sitecustomize"}
    assert not others


@pytest.mark.parametrize("name", ["session_start", "stop", "subagent_start"])
def test_a_hook_of_every_turn_loads_little(name: str) -> None:
    heavy = {"subprocess", "argparse", "logging", "difflib", "selectors", "asyncio", "inspect"}
    heavy |= {
        f"batch_implement.{part}"
        for part in ("sources", "dependencies", "recovery", "delivery", "cli", "demo")
    }
    assert not _loaded_by("hook", name) & heavy


PROSE = {"commands/*.md": 60, "skills/*/SKILL.md": 150, "agents/*.md": 60}


@pytest.mark.parametrize(
    ("path", "most"),
    [(path, most) for pattern, most in PROSE.items() for path in sorted(ROOT.glob(pattern))],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_what_claude_reads_is_short(path: Path, most: int) -> None:
    assert 1 < len(path.read_text().splitlines()) <= most


@pytest.mark.parametrize("pattern", PROSE)
def test_there_is_prose_of_each_kind(pattern: str) -> None:
    assert list(ROOT.glob(pattern))


@pytest.mark.parametrize("path", sorted((ROOT / "hooks").iterdir()), ids=lambda path: path.name)
def test_a_hook_script_is_a_few_lines_of_plain_shell(path: Path) -> None:
    if path.suffix == ".json":
        return
    assert len(path.read_text().splitlines()) <= 20
    subprocess.run(["sh", "-n", str(path)], check=True)
