"""What git ignores and a check needs, brought into a scratch workspace: packages, generated files,
environments.

What is installed is linked, never copied. Whether the check then really sees the workspace's own files is
for a canary to tell.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.state.home import FOLDER
from batch_implement.workspace.leftovers import leftover_test

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from batch_implement.system.git.git import Git

_COPIED = 1024 * 1024
_REBUILT = frozenset(
    {"build", "dist", "out", "target", "_build", ".tox", ".nox", ".gradle", ".build", ".claude"}
)
_BUILD_FOLDER = re.compile(r"cmake-build-.{1,100}")
_PATH_LISTS = ("PATH", "PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH", "CLASSPATH", "GOPATH", "MYPYPATH")
_MAPPING = re.compile(r"^MAPPING\b[^=\n]*= ?(\{.*\})$", re.MULTILINE)
# Not by way of a second run: installing what lies in a scratch workspace into the user's environment.
_NO_INSTALLING = {"UV_NO_SYNC": "1", "PIP_DRY_RUN": "1"}


@dataclass(frozen=True)
class Preparation:
    """``linked`` lead to the project's own, ``copied`` are small files, ``modules`` are folders of
    installed packages for Node. All are paths below the top. ``imports`` are folders of the project that
    Python is led to."""

    linked: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    imports: tuple[str, ...] = field(default=())


def prepare(git: Git, environment: Mapping[str, str], without: Collection[str] = ()) -> Preparation:
    """What to bring along from the working tree of ``git``, but for the files and folders ``without`` (a
    feature's own)."""
    linked: list[str] = []
    copied: list[str] = []
    modules: list[str] = []
    is_leftover = leftover_test(git.root)
    listed = git.paths("ls-files", "--others", "--directory", "-z")
    left_out = frozenset(path.rstrip("/") for path in without)
    for path in (found for entry in listed for found in _apart(git.root, entry, left_out)):
        name = path.rstrip("/").rsplit("/", 1)[-1]
        if name == "node_modules":
            modules.append(path.rstrip("/"))
        elif path.endswith("/"):
            if (git.root / path / "pyvenv.cfg").is_file() or not _is_made_again(
                path, name, is_leftover(path + "x")
            ):
                linked.append(path.rstrip("/"))
        elif not is_leftover(path) and not path.startswith(f"{FOLDER}/"):
            (copied if (git.root / path).lstat().st_size <= _COPIED else linked).append(path)
    environments = [git.root / path for path in linked if (git.root / path / "pyvenv.cfg").is_file()]
    imports = _led_into(git.root, _site_folders(environments, environment))
    return Preparation(tuple(linked), tuple(copied), tuple(modules), imports)


def bring_along(project: Path, root: Path, preparation: Preparation) -> None:
    """Lay what was prepared into the scratch workspace ``root``; what stands there already stays."""
    for path in preparation.modules:
        _modules(project, root, project / path, root / path)
    for path in preparation.linked:
        _link(root / path, project / path)
    for path in preparation.copied:
        if not os.path.lexists(root / path):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / path, root / path, follow_symlinks=False)


def environment_in(
    root: Path, project: Path, preparation: Preparation, environment: Mapping[str, str], built: Path | None
) -> dict[str, str]:
    """The environment for a run in ``root`` instead of ``project``; what Cargo compiles goes to
    ``built``."""
    inside = dict(environment)
    for name in _PATH_LISTS:
        if name in inside:
            inside[name] = os.pathsep.join(
                moved(entry, project, root) for entry in inside[name].split(os.pathsep)
            )
    imports = [str(root / path) for path in preparation.imports]
    if imports:
        inside["PYTHONPATH"] = os.pathsep.join([*imports, *filter(None, [inside.get("PYTHONPATH")])])
    if built is not None:
        inside["CARGO_TARGET_DIR"] = str(built)
    return {**inside, **_NO_INSTALLING, "PWD": str(root)}


def moved(word: str, project: Path, root: Path) -> str:
    """A path into the project, as the path of the same in ``root``; every other word as it is."""
    inside = word == str(project) or word.startswith(f"{project}/")
    return f"{root}{word[len(str(project)) :]}" if inside else word


def _apart(root: Path, entry: str, without: frozenset[str]) -> Iterator[str]:
    """An entry of git's listing, or what is in it where a part of it is to be left out."""
    if entry.rstrip("/") in without:
        return
    if not entry.endswith("/") or not any(path.startswith(entry) for path in without):
        yield entry
        return
    for inner in sorted(os.scandir(root / entry), key=lambda found: found.name):
        yield from _apart(
            root, f"{entry}{inner.name}{'/' if inner.is_dir(follow_symlinks=False) else ''}", without
        )


def _is_made_again(path: str, name: str, is_cache: bool) -> bool:
    return (
        is_cache
        or name in _REBUILT
        or _BUILD_FOLDER.fullmatch(name) is not None
        or path.startswith(f"{FOLDER}/")
    )


def _link(place: Path, target: Path) -> None:
    if not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)


def _modules(project: Path, root: Path, source: Path, place: Path) -> None:
    """A folder of links; one into the project (a package of the same repository) leads into the workspace."""
    place.mkdir(parents=True, exist_ok=True)
    for entry in os.scandir(source):
        if entry.name.startswith("@") and entry.is_dir(follow_symlinks=False):
            _modules(project, root, Path(entry.path), place / entry.name)
            continue
        target = Path(entry.path).resolve() if entry.is_symlink() else Path(entry.path)
        is_own = target.is_relative_to(project) and "node_modules" not in target.relative_to(project).parts
        _link(place / entry.name, root / target.relative_to(project) if is_own else target)


def _site_folders(environments: list[Path], environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the Pythons that a check may start have their packages."""
    prefixes = [
        *environments,
        *(Path(environment[name]) for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if environment.get(name)),
    ]
    programs = (shutil.which(name, path=environment.get("PATH")) for name in ("python3", "python"))
    prefixes += [Path(program).parent.parent for program in programs if program]
    prefixes.append(Path(environment.get("HOME", "/")) / ".local")
    for prefix in dict.fromkeys(prefixes):
        for library in ("lib", "lib64", "local/lib"):
            yield from prefix.glob(f"{library}/python3*/site-packages")
            yield from prefix.glob(f"{library}/python3*/dist-packages")


def _led_into(project: Path, folders: Iterator[Path]) -> tuple[str, ...]:
    """The folders of the project that an editable installation puts on Python's path, below its top."""
    found: dict[str, None] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.pth")):
            for line in _text(path).splitlines():
                _note(found, project, Path(line.strip()))
        for path in sorted(folder.glob("__editable__*finder.py")):
            for package in _mapped(_text(path)):
                _note(found, project, Path(package).parent)
    return tuple(found)


def _note(found: dict[str, None], project: Path, folder: Path) -> None:
    if folder.is_absolute() and folder.is_relative_to(project):
        found[str(folder.relative_to(project))] = None


def _mapped(text: str) -> list[str]:
    """The packages' folders, as setuptools' finder lists them."""
    match = _MAPPING.search(text)
    try:
        mapping = ast.literal_eval(match[1]) if match else {}
    except (ValueError, SyntaxError):
        return []
    return (
        [value for value in mapping.values() if isinstance(value, str)] if isinstance(mapping, dict) else []
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
