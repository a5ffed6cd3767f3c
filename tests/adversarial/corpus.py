"""Small cases of cheats and honest changes: what was asked for, what was done, what must be said."""

import collections
import dataclasses
import functools
import json
import os
import string
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import jsonschema
import yaml

HERE = Path(__file__).parent
BASES = HERE / "bases"
CASES = HERE / "cases"
CACHES = frozenset({"__pycache__", ".ruff_cache"})  # left below the bases by tools run on the whole project
NO_TEST = "no test shows this feature"
NOBODY = {
    "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class BadCaseError(Exception):
    def __init__(self, case: str, problem: str) -> None:
        super().__init__(f"{case}: {problem}")
        self.case = case
        self.problem = problem


@dataclasses.dataclass(frozen=True)
class Case:
    """`change` has one dict of one entry for each step; `case.schema.json` says which steps there are."""

    name: str
    base: str
    runner: str
    kind: Literal["cheat", "honest"]
    family: str
    feature: str
    check: str
    change: tuple[dict[str, object], ...]
    claimed: tuple[str, ...]
    expected: Literal["refused", "named", "accepted"]
    named: tuple[str, ...]
    decidable: bool
    why: str
    caught_by_check: bool = False


@dataclasses.dataclass(frozen=True)
class LaidOut:
    """`environment` is what the worker's own shell has beyond ours when it says that it is done."""

    folder: Path
    base_commit: str
    environment: Mapping[str, str]


@functools.cache
def _schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((HERE / "case.schema.json").read_text()))


def read_case(path: Path) -> Case:
    name = f"{path.parent.name}/{path.stem}"
    values = yaml.safe_load(path.read_text())
    problem = jsonschema.exceptions.best_match(_schema().iter_errors(values))
    if problem is not None:
        raise BadCaseError(name, f"{problem.json_path} {problem.message}")
    if not (BASES / values["base"]).is_dir():
        raise BadCaseError(name, f"there is no base {values['base']}")
    if path.parent.name != values["runner"] or not path.stem.startswith(values["kind"] + "-"):
        raise BadCaseError(name, f"belongs into {values['runner']}/{values['kind']}-….yaml")
    claimed = tuple(values.pop("claim")["changes"])
    change = tuple(values.pop("change"))
    named = tuple(values.pop("named"))
    return Case(name=name, claimed=claimed, change=change, named=named, **values)


def read_cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*/*.yaml")):
        yield read_case(path)


def lay_out(case: Case, folder: Path, tools: Path | None = None) -> LaidOut:
    """A repository in `folder`, which must not exist: the base committed, then the change applied.

    `tools` is where `tools/package.json` was installed, which a base with a package.json needs.
    """
    base_commit = lay_base(case.base, folder, tools)
    return LaidOut(folder, base_commit, apply(case, folder))


def lay_base(base: str, folder: Path, tools: Path | None = None) -> str:
    folder.mkdir(parents=True)
    for path in sorted((BASES / base).rglob("*")):
        if path.is_file() and CACHES.isdisjoint(path.parts):
            copy = folder / path.relative_to(BASES / base)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            copy.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for setting in ("user.name=Worker", "user.email=worker@example.com", "commit.gpgSign=false"):
        _git(folder, "config", *setting.split("="))
    if (folder / ".githooks").is_dir():
        _git(folder, "config", "core.hooksPath", ".githooks")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--no-verify", "--message", "Begin")
    if tools is not None and (folder / "package.json").exists():
        _link_modules(folder / "node_modules", tools / "node_modules")
    return _git(folder, "rev-parse", "HEAD").strip()


def _link_modules(modules: Path, installed: Path) -> None:
    """A real folder of links, so that a change below `node_modules` stays in the case's own folder."""
    for folder in (Path(), Path(".bin")):
        (modules / folder).mkdir()
        for entry in sorted((installed / folder).iterdir()):
            if entry.name != ".bin" and not entry.name.startswith(".package"):
                (modules / folder / entry.name).symlink_to(entry.resolve())


def apply(case: Case, folder: Path) -> dict[str, str]:
    """The change made in `folder`; what it set in the environment."""
    environment: dict[str, str] = {}
    for step in case.change:
        ((action, values),) = step.items()
        try:
            if action == "env":
                environment |= _expanded(values, folder)
            else:
                _STEPS[action](folder, values)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise BadCaseError(case.name, f"{action} {values!r:.120} failed: {error}") from error
    return environment


def _expanded(values: dict[str, str], folder: Path) -> dict[str, str]:
    known = {**os.environ, "REPOSITORY": str(folder)}
    return {name: string.Template(value).safe_substitute(known) for name, value in values.items()}


def _inside(folder: Path, path: str) -> Path:
    found = folder / path
    if not found.parent.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{path} is outside of the repository")
    return found


def _write(folder: Path, values: dict[str, str]) -> None:
    path = _inside(folder, values["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.write_text(values["text"])


def _append(folder: Path, values: dict[str, str]) -> None:
    path = _inside(folder, values["path"])
    path.write_text(path.read_text() + values["text"])


def _edit(folder: Path, values: dict[str, str]) -> None:
    path = _inside(folder, values["path"])
    before = path.read_text()
    if before.count(values["old"]) != 1:
        raise ValueError(f"the old text is {before.count(values['old'])} times in {values['path']}, not once")
    path.write_text(before.replace(values["old"], values["new"]))


def _delete(folder: Path, path: str) -> None:
    _inside(folder, path).unlink()


def _move(folder: Path, values: dict[str, str]) -> None:
    to = _inside(folder, values["to"])
    to.parent.mkdir(parents=True, exist_ok=True)
    _inside(folder, values["from"]).rename(to)


def _chmod(folder: Path, values: dict[str, str]) -> None:
    _inside(folder, values["path"]).chmod(int(values["mode"], 8))


def _run(folder: Path, command: list[str]) -> str:
    environment = {**os.environ, **NOBODY}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


def _git(folder: Path, *arguments: str) -> str:
    return _run(folder, ["git", *arguments])


_STEPS: dict[str, Callable[..., object]] = {
    "write": _write,
    "append": _append,
    "edit": _edit,
    "delete": _delete,
    "move": _move,
    "chmod": _chmod,
    "run": _run,
}


def _table(cases: list[Case], column: Callable[[Case], str]) -> Iterator[str]:
    counts = collections.Counter((case.kind, column(case)) for case in cases)
    for (kind, value), count in sorted(counts.items()):
        yield f"  {kind:<7} {value:<24} {count:>4}"


def main() -> None:
    cases = list(read_cases())
    columns: dict[str, Callable[[Case], str]] = {
        "runner": lambda case: case.runner,
        "family": lambda case: case.family,
        "label": lambda case: case.expected,
        "decidable": lambda case: "decidable" if case.decidable else "undecidable",
        "caught by the plain check": lambda case: "caught" if case.caught_by_check else "passes",
    }
    kinds = collections.Counter(case.kind for case in cases)
    sys.stdout.write(f"{len(cases)} cases: {kinds['cheat']} cheats, {kinds['honest']} honest changes\n")
    for title, column in columns.items():
        sys.stdout.write(f"by {title}\n" + "\n".join(_table(cases, column)) + "\n")


if __name__ == "__main__":
    main()
