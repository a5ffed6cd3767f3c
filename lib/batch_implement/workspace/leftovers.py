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
    marked: dict[str, bool] = {}

    def in_marked_folder(folder: str) -> bool:
        if folder not in marked:
            marked[folder] = _marks_itself(root / folder)
        return marked[folder]

    def is_leftover(path: str) -> bool:
        parts = path.strip("/").split("/")
        name = parts[-1]
        if name in _FILES or _FILE.fullmatch(name):
            return True
        if any(_FOLDER.fullmatch(part) for part in parts[:-1]):
            return True
        starts = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        return (
            not known.isdisjoint(parts)
            or not known.isdisjoint(starts)
            or any(map(in_marked_folder, starts[:-1]))
        )

    return is_leftover


def _marks_itself(folder: Path) -> bool:
    if (folder / "pyvenv.cfg").is_file():
        return True
    try:
        with (folder / "CACHEDIR.TAG").open("rb") as tag:
            return tag.read(len(_CACHEDIR_SIGNATURE)) == _CACHEDIR_SIGNATURE
    except OSError:
        return False
