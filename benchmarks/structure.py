"""How the package is built, in counts: python -m benchmarks.structure [CHECKOUT]

Of the checkout that it is run in, or of the one that is named, so that two can be compared by one rule.

- lines: those that are not empty, in ``lib/``.
- lines of code: without comments and docstrings; what is counted per 1,000 lines is per 1,000 of these.
- fields by name: ``fields["owner"]`` and ``fields.get("owner")``, for every field of a batch, outside of the
  rooms whose business that is.
- circles: groups of modules that need each other, what is imported for types only counted too.
- unused: what vulture finds from a confidence of 60% on, with no list of what is allowed.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "lib")]

from batch_implement.model.attempt import Attempt  # noqa: E402 -- needs the paths above
from batch_implement.model.batch import Batch  # noqa: E402
from batch_implement.model.record import fields_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG = 250
# The fields of the batch that code can only mean when it names them; and two that earlier versions had.
_SHARED = {"status", "command", "started_at", "number", "title", "body", "text"}
FIELDS = ({*fields_of(Batch), *fields_of(Attempt), "attempt", "wake"}) - _SHARED
_OWN_ROOMS = ("state", "model")
HOOKS = {
    "api_failure",
    "batch_status",
    "behind",
    "entry",
    "hook",
    "permission_request",
    "post_tool_use",
    "pre_tool_use",
    "session_start",
    "stop",
    "stop_failure",
    "subagent_start",
    "subagent_stop",
    "together",
    "turn_end",
    "user_prompt_submit",
    "wake_when_due",
}


class Package:
    """The modules of a checkout, by their dotted names, and what they import of each other."""

    def __init__(self, checkout: Path) -> None:
        self.lib = checkout / "lib"
        self.paths = {_dotted(path.relative_to(self.lib)): path for path in sorted(self.lib.rglob("*.py"))}
        self.texts = {name: path.read_text() for name, path in self.paths.items()}
        self.trees = {name: ast.parse(text) for name, text in self.texts.items()}
        self.imports = {name: self._own(name) for name in self.trees}

    def _own(self, name: str) -> set[str]:
        found = {part for node in ast.walk(self.trees[name]) for part in self._named(node)}
        return found - {name}

    def _named(self, node: ast.AST) -> Iterator[str]:
        """The modules of the package that an import means; of a package only what is taken out of it."""
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in self.paths)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in self.paths:
                    yield whole
                elif node.module in self.paths:
                    yield str(node.module)


def imports_in_functions(tree: ast.AST) -> list[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    nodes = {node for function in functions for node in ast.walk(function)}
    return [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups in which each module needs, over others, each of the group."""
    needed = {name: _reachable(name, imports) for name in imports}
    groups = {
        frozenset(other for other in needed[name] if name in needed[other])
        for name in imports
        if name in needed[name]
    }
    return sorted(sorted(group) for group in groups)


def _reachable(name: str, imports: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [*imports[name]]
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            left += imports[module]
    return found


def loaded(lib: Path, *modules: str) -> set[str]:
    """What a fresh Python has loaded after these, without the environment's packages."""
    code = f"import sys; sys.path.insert(0, {str(lib)!r})\nimport {', '.join(modules)}\nprint(*sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _fields_by_name(tree: ast.AST) -> int:
    found = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            found += isinstance(node.slice, ast.Constant) and node.slice.value in FIELDS
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            first = next(iter(node.args), None)
            found += isinstance(first, ast.Constant) and first.value in FIELDS
    return found


def _lines_of_code(text: str, tree: ast.AST) -> int:
    lines = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()[:1] not in ("", "#")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines -= {*range(node.lineno, int(node.end_lineno or 0) + 1)}
    return len(lines)


def hook_modules(package: Package) -> set[str]:
    """The package's modules that the hooks load when they begin, whichever room the hooks are in."""
    hooks = [name for name in package.paths if name.rpartition(".")[2] in HOOKS and ".cli." not in name]
    return loaded(package.lib, *sorted(hooks)) & package.paths.keys()


def _unused(checkout: Path) -> int:
    command = [sys.executable, "-m", "vulture", "lib", "--min-confidence", "60"]
    said = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return len(said.stdout.splitlines())


def main() -> None:
    checkout = Path(sys.argv[1]).resolve() if sys.argv[1:] else Path.cwd()
    package = Package(checkout)
    lengths = [len(text.splitlines()) for text in package.texts.values()]
    lines = sum(1 for text in package.texts.values() for line in text.splitlines() if line.strip())
    code = sum(_lines_of_code(text, package.trees[name]) for name, text in package.texts.items())
    loose = sum(len(re.findall(r"\[str, Any\]", text)) for text in package.texts.values())
    others = [
        tree
        for name, tree in package.trees.items()
        if name.split(".")[1:2] not in [[room] for room in _OWN_ROOMS]
    ]
    fast = hook_modules(package)
    late = {name: len(imports_in_functions(tree)) for name, tree in package.trees.items()}
    rows = {
        "modules": len(lengths),
        f"modules over {LONG} lines": sum(length > LONG for length in lengths),
        "lines": lines,
        "lines of code": code,
        "[str, Any] per 1,000 lines": round(1000 * loose / code, 1),
        "fields by name": sum(map(_fields_by_name, others)),
        "imports in functions": sum(late.values()),
        "… of modules that no hook loads": sum(count for name, count in late.items() if name not in fast),
        "circles": len(circles(package.imports)),
        "unused": _unused(checkout),
    }
    for name, value in rows.items():
        print(f"{name:32} {value:>8,}")


if __name__ == "__main__":
    main()
