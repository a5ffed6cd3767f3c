"""What running a project's tools leaves behind: never part of a feature.

Only untracked files are judged here. Someone who tracks a ``dist`` or a ``.coverage`` means it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

# Folders that no project keeps by that name on purpose.
_FOLDER = re.compile(
    r"\A(?:\.bundle|\.cache|\.eggs|\.gradle|\.hypothesis|\.ipynb_checkpoints|\.mypy_cache|\.next|\.nox|"
    r"\.nuxt|\.nyc_output|\.parcel-cache|\.pnpm-store|\.pytest_cache|\.pytype|\.ruff_cache|"
    r"\.svelte-kit|\.terraform|\.tox|\.turbo|\.venv|\.vite|\.yarn-cache|__pycache__|bower_components|"
    r"htmlcov|node_modules|[^/]+\.egg-info)"
)
# Of them, those whose tools never write program text: where some lies in one, somebody has put it there.
_NO_PROGRAMS = re.compile(
    r"\A(?:\.hypothesis|\.mypy_cache|\.pytest_cache|\.pytype|\.ruff_cache|__pycache__|[^/]+\.egg-info)"
)
_PROGRAM = (
    *(".c", ".cc", ".cpp", ".cs", ".go", ".h", ".java", ".kt", ".rs", ".swift", ".ex", ".exs", ".lua"),
    *(
        ".cjs",
        ".cts",
        ".js",
        ".jsx",
        ".mjs",
        ".mts",
        ".ts",
        ".tsx",
        ".php",
        ".pl",
        ".py",
        ".pyi",
        ".rb",
        ".sh",
    ),
)
_FILES = frozenset(
    (
        ".coverage",
        ".DS_Store",
        ".eslintcache",
        ".stylelintcache",
        "Thumbs.db",
        "npm-debug.log",
        "yarn-error.log",
    )
)
_FILE = re.compile(r"\A(?:\.coverage\.[^/]+|[^/]+\.(?:pyc|pyo|class|tsbuildinfo|swp))")
_CACHEDIR_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"  # bford.info/cachedir


def leftover_test(root: Path, generated: Collection[str] = ()) -> Callable[[str], bool]:
    """A test for untracked paths below ``root``.

    ``generated`` are names of files or folders anywhere, or paths from the top, that a tool of this
    project is known to write. Whether a folder is a cache or a virtual environment is looked up once.
    """
    known = {name.strip("/") for name in generated if name.strip("/")}
    marked: dict[tuple[str, bool], bool] = {}

    def in_marked_folder(folder: str, is_program: bool) -> bool:
        key = (folder, is_program)
        if key not in marked:
            marked[key] = _marks_itself(root / folder, is_program=is_program)
        return marked[key]

    def is_leftover(path: str) -> bool:
        parts = path.strip("/").split("/")
        name = parts[-1]
        if name in _FILES or _FILE.fullmatch(name):
            return True
        is_program = is_program_text(name)
        if any(_holds(part, is_program) for part in parts[:-1]):
            return True
        starts = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        if not known.isdisjoint(parts) or not known.isdisjoint(starts):
            return True
        return any(in_marked_folder(start, is_program) for start in starts[:-1])

    return is_leftover


def is_program_text(name: str) -> bool:
    """Whether a file of that name is one that somebody has written, or a program has made of what is."""
    return name.lower().endswith(_PROGRAM)


def _holds(folder: str, is_program: bool) -> bool:
    return bool(_FOLDER.fullmatch(folder)) and not (is_program and _NO_PROGRAMS.fullmatch(folder))


def _marks_itself(folder: Path, *, is_program: bool) -> bool:
    """A virtual environment, or a cache by its tag. Anybody can lay a tag beside a program's text."""
    if (folder / "pyvenv.cfg").is_file() and any((folder / name).is_dir() for name in ("bin", "Scripts")):
        return True
    if is_program and folder.name != "target":
        return False
    try:
        with (folder / "CACHEDIR.TAG").open("rb") as tag:
            return tag.read(len(_CACHEDIR_SIGNATURE)) == _CACHEDIR_SIGNATURE
    except OSError:
        return False
