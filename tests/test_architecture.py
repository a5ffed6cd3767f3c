"""The architecture is as it is written down: who may import whom, who may start a process, what is small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmarks.structure import Package, circles, hook_modules, imports_in_functions, loaded

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lib/batch_implement"
MODULES = sorted(PACKAGE.rglob("*.py"))
CODE = Package(ROOT)
TREES = {path: ast.parse(path.read_text()) for path in MODULES}
STANDARD = sys.stdlib_module_names
CHOSEN = {"jsonschema", "dotenv", "psutil", "rich"}

# The rooms, from the bottom up, and what each imports beside itself: a room, or one module of it. An arrow
# that is not in the code is an error too. Where it does not go without saying, it says why.
ARROWS = {
    "errors": set(),
    "json_types": set(),
    "system": {"errors", "json_types"},
    "model": {"errors", "json_types"},
    "state": {"errors", "json_types", "model", "system"},
    "workspace": {
        "errors",
        "model",
        "system",
        "state.home",  # the names of our own files, which are nobody's change
    },
    "scheduling": {"model"},
    "sources": {"errors", "model", "system"},
    "dependencies": {
        "errors",
        "model",
        "sources.base",  # what a source has read is what is looked at
    },
    "proof": {"errors", "json_types", "model", "system", "workspace", "state.home"},
    "delivery": {"errors", "json_types", "model", "system", "workspace", "state.home"},
    "recovery": {"errors", "json_types", "model", "system", "state.home"},
    "oversight": {
        "model",
        "system",
        "state.home",
        "scheduling",  # what comes next says whether a wait, or a turn without progress, has a meaning
    },
    "engine": {
        "errors",
        "model",
        "system",
        "state",
        "workspace",
        "sources",
        "dependencies",
        "scheduling",
        "proof",
        "delivery",
        "recovery",
        "oversight",
    },
    "presentation": {
        "errors",
        "json_types",
        "model",
        "system",
        "scheduling",
        "oversight",
        "state.home",
        "dependencies",
        "delivery.git_settings",
        "workspace.changes",  # what a refusal names
        "sources.issue_body",  # how much of an issue is quoted
        "proof.check_command",  # the user's command for news is a command line like the check's
        "proof.review",  # who mends a feature is told what was found
        "engine.batch_plan",  # a plan is shown
        "engine.diagnosis",  # what doctor has found
        "engine.cleaning",  # what was removed
        "engine.happenings",  # the report and the news watch the engine; it does not know them
        "engine.project",
    },
    "execution": {
        "errors",
        "json_types",
        "model",
        "system",
        "state",
        "scheduling",
        "recovery",
        "oversight",
        "engine",
        "presentation",
        "sources.file_names",  # what was typed names files, or is a sentence
    },
    "demo": {"errors", "json_types", "execution.client", "system.process", "state.past_batches"},
    "api": {
        "errors",
        "json_types",
        "model",
        "system",
        "state",
        "workspace",
        "sources",
        "dependencies",
        "delivery",
        "recovery",
        "presentation.consents",  # the documented question is worded there
    },
    "cli": {
        "errors",
        "json_types",
        "model",
        "system",
        "state",
        "sources",
        "engine",
        "presentation",
        "demo",
        "oversight.session",  # who calls
        "oversight.seen",  # what status says beside the state
        "execution.in_session.slash_command",  # the hook that is a subcommand that was typed
        "execution.in_session.transcript",  # where no hook is told of what was typed
        "proof.check_run",  # the process that a check runs in is started as a subcommand
        "proof.second_look.claims",  # what is named with done is read
        "execution.client.installation",  # which versions of Claude Code there are
        "delivery.issue_closing",  # status says what is not tried for now
    },
    "__main__": {"entry"},
    "together": set(),
    "entry": {
        "together",
        "cli.main",
        "execution.in_session.hook",
        "execution.in_session.batch_status",
        "system.installer",
    },
}

# What the hooks load when they begin. Only these import within functions, what few events need; and none of
# them imports what takes as long as starting Python (tests/execution/test_hook_imports.py).
FAST = """
entry
errors
execution
execution.in_session
execution.in_session.api_failure
execution.in_session.batch_status
execution.in_session.behind
execution.in_session.hook
execution.in_session.permission_request
execution.in_session.plain_call
execution.in_session.post_tool_use
execution.in_session.pre_tool_use
execution.in_session.session_start
execution.in_session.stop
execution.in_session.stop_failure
execution.in_session.subagent_start
execution.in_session.subagent_stop
execution.in_session.turn_end
execution.in_session.user_prompt_submit
execution.in_session.wake_when_due
model
model.batch
model.feature
model.kinds
model.record
model.transition
oversight
oversight.ownership
oversight.rests
oversight.seen
oversight.session
oversight.signs
oversight.stalls
oversight.waits
oversight.workers
presentation
presentation.pauses
presentation.prompts
presentation.screen
presentation.standing
presentation.status
presentation.terminal
recovery
recovery.api_errors
scheduling
scheduling.ready
state
state.document
state.explained
state.form
state.held_state
state.home
state.journal
state.last_good
state.state_file
system
system.clock
system.files
system.files.file_lock
system.files.folder
system.files.kernel_lock
system.files.no_follow
system.files.quick_json
system.files.strict_json
system.files.whole_file
system.git
system.git.git_file
system.git.head
system.patience
system.process
system.process.detached
system.process.identity
system.text
system.text.shortening
together
"""


def _part(path: Path) -> str:
    """``system``, ``cli``…, or the name of a module that is in no room."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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


def _arrows() -> dict[str, set[str]]:
    """For each room the modules of others that it imports, as ``room.module``."""
    found: dict[str, set[str]] = {_part(path): set() for path in MODULES}
    for name, others in CODE.imports.items():
        room, imported = _room_and_module(name)[0], {_room_and_module(other) for other in others}
        found[room] |= {module for other, module in imported if other not in (room, "__init__")}
    return found


def _room_and_module(name: str) -> tuple[str, str]:
    module = name.removeprefix("batch_implement").removeprefix(".") or "__init__"
    return module.partition(".")[0], module


def _goes_to(module: str, arrow: str) -> bool:
    return f"{module}.".startswith(f"{arrow}.")


def _offenders(problem: Callable[[Path, ast.Module], object]) -> dict[str, object]:
    """What is wrong, by module."""
    found = {str(path.relative_to(PACKAGE)): problem(path, tree) for path, tree in TREES.items()}
    return {path: wrong for path, wrong in found.items() if wrong}


def test_a_room_imports_what_it_may_and_nothing_else() -> None:
    others = {
        room: {module for module in modules if not any(_goes_to(module, arrow) for arrow in ARROWS[room])}
        for room, modules in _arrows().items()
        if room != "__init__"
    }
    assert {room: modules for room, modules in others.items() if modules} == {}


def test_what_a_room_may_import_it_does_import() -> None:
    found = _arrows()
    unused = {
        room: {arrow for arrow in arrows if not any(_goes_to(module, arrow) for module in found[room])}
        for room, arrows in ARROWS.items()
    }
    assert {room: arrows for room, arrows in unused.items() if arrows} == {}


def test_imports_point_one_way() -> None:
    rooms = {room: {arrow.partition(".")[0] for arrow in arrows} for room, arrows in ARROWS.items()}
    assert circles(rooms) == []


def test_no_two_modules_need_each_other() -> None:
    assert circles(CODE.imports) == []


def test_a_circle_is_seen_and_named() -> None:
    code = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a", "e"}}
    assert circles(code) == [["a", "b", "c"], ["e"]]


def test_nobody_imports_the_documented_names_for_others() -> None:
    assert {room for room, arrows in ARROWS.items() if "api" in arrows} == set()


def test_every_part_has_its_place() -> None:
    assert {_part(path) for path in MODULES} - {"__init__"} == ARROWS.keys()


def test_the_modules_that_hooks_load_are_the_declared_ones() -> None:
    names = {name.removeprefix("batch_implement.") for name in hook_modules(CODE)}
    assert names - {"batch_implement"} == set(FAST.split())


def test_only_what_hooks_load_imports_within_a_function() -> None:
    fast = {f"batch_implement.{name}" for name in FAST.split()}
    late = {name: imports_in_functions(tree) for name, tree in CODE.trees.items() if name not in fast}
    assert {name: found for name, found in late.items() if found} == {}


def test_nothing_is_imported_but_the_standard_library_and_what_was_chosen() -> None:
    roots = {name.split(".")[0] for tree in TREES.values() for name in _imported(tree)}
    assert roots - STANDARD - {"batch_implement"} == CHOSEN


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

    # Modules of ours, as an import would run them.
    assert _offenders(dangerous) == {"together.py": ["exec"]}


def test_no_module_is_so_long_that_it_is_two_things() -> None:
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_every_module_says_what_it_is() -> None:
    assert _offenders(lambda _, tree: not ast.get_docstring(tree)) == {}


@pytest.mark.parametrize("name", [name for name in FAST.split() if ".in_session." in name])
def test_a_hook_loads_the_standard_library_only(name: str) -> None:
    """As it is started: without the environment's packages on the path."""
    names = {module.split(".")[0] for module in loaded(ROOT / "lib", f"batch_implement.{name}")}
    assert not names - STANDARD - {"batch_implement", "__main__", "sitecustomize"}


@pytest.mark.parametrize("path", sorted((ROOT / "hooks").iterdir()), ids=lambda path: path.name)
def test_a_hook_script_is_a_few_lines_of_plain_shell(path: Path) -> None:
    if path.suffix in {".json", ".tsx"}:
        return
    assert len(path.read_text().splitlines()) <= 20
    subprocess.run(["sh", "-n", str(path)], check=True)
