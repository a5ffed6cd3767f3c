"""Files that are partly the program's and partly the check's: package.json, pyproject.toml, Cargo.toml,
setup.cfg.

What a program needs (dependencies, entry points) is taken from one version, what its check is from
another.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.proof.second_look.parts import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PACKAGE_CHECK = re.compile(
    r"(?:scripts|jest|vitest|mocha|ava|nyc|c8|tap|eslintConfig|eslintIgnore|prettier|stylelint|xo"
    r"|standard|lint-staged|husky|babel|wireit|nx|config)"
)
_QUALITY_KEYS = re.compile(r"(?:nyc|c8|eslintConfig|eslintIgnore|prettier|stylelint|xo|standard)")
# Of a tool's sections, those that say what the package is, or what it needs.
_PROGRAMS_TOOLS = re.compile(
    r"tool\.(?:poetry|setuptools|setuptools_scm|hatch\.(?:build|version|metadata)|pdm(?!\.scripts)|flit|uv"
    r"|scikit-build|maturin|cibuildwheel|pixi\.(?:dependencies|project))(?:\..{0,200})?"
)
_QUALITY_TOOLS = re.compile(
    r"tool\.(?:mypy|ruff|black|isort|flake8|pylint|pyright|basedpyright|coverage|bandit|pydocstyle|pycodestyle|ty"
    r"|vulture|interrogate|codespell)(?:\..{0,200})?|lints(?:\..{0,200})?|workspace\.lints(?:\..{0,200})?|coverage:.{0,100}|flake8"
    r"|mypy(?:-.{0,200})?|pylint.{0,100}|isort|pycodestyle|pydocstyle"
)
_PROGRAMS_SECTIONS = {
    "pyproject.toml": re.compile(r"|project(?:\..{0,200})?|build-system|dependency-groups"),
    "setup.cfg": re.compile(r"|metadata|options(?:\..{0,200})?|bdist_wheel|sdist|egg_info"),
    "Cargo.toml": re.compile(
        r"|package(?:\..{0,200})?|(?:dev-|build-)?dependencies(?:\..{0,200})?|features|target\..{1,200}|patch\..{1,200}"
        r"|workspace(?:\.(?!lints).{0,200})?|badges|replace"
    ),
}
_AUTOMATIC = re.compile(r"^[ \t]*auto(?:tests|bins|examples|benches)[ \t]*=.*\n?", re.MULTILINE)
_HEADER = re.compile(r"^\[{1,2}([^\[\]\n]{1,300})\]{1,2}[ \t]{0,20}(?:[#;].*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Combined:
    """``text`` is the program's part of one version with the check's of another; ``kinds`` are those by
    which the two versions' checks differ."""

    text: str
    kinds: frozenset[Part]


def combined(name: str, program: str, check: str) -> Combined:
    """``name`` is the file's own name, without folders; an empty text stands for no such file."""
    if name == "package.json":
        return _package(program, check)
    return _sections(name, program, check)


def _package(program: str, check: str) -> Combined:
    try:
        ours, theirs = json.loads(program or "{}"), json.loads(check or "{}")
    except (ValueError, RecursionError):
        return Combined(check, frozenset({Part.SETTINGS}))
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return Combined(check, frozenset({Part.SETTINGS}))
    different = [
        key
        for key in sorted({*ours, *theirs})
        if _PACKAGE_CHECK.fullmatch(key) and ours.get(key) != theirs.get(key)
    ]
    if not different:
        return Combined(program, frozenset())
    kept = {key: value for key, value in ours.items() if not _PACKAGE_CHECK.fullmatch(key)}
    kept |= {key: value for key, value in theirs.items() if _PACKAGE_CHECK.fullmatch(key)}
    quality = all(_QUALITY_KEYS.fullmatch(key) or _only_coverage(key, ours, theirs) for key in different)
    return Combined(
        json.dumps(kept, indent=2) + "\n", frozenset({Part.QUALITY if quality else Part.SETTINGS})
    )


def _only_coverage(key: str, ours: dict[str, object], theirs: dict[str, object]) -> bool:
    """Whether nothing but what is said about coverage differs in a runner's configuration."""
    pair = (ours.get(key, {}), theirs.get(key, {}))
    if not (key in {"jest", "vitest"} and isinstance(pair[0], dict) and isinstance(pair[1], dict)):
        return False
    names = [name for name in {*pair[0], *pair[1]} if pair[0].get(name) != pair[1].get(name)]
    return all("overage" in name for name in names)


def _sections(name: str, program: str, check: str) -> Combined:
    ours, theirs = _read(program), _read(check)
    of_program = _PROGRAMS_SECTIONS[name]

    def is_programs(section: str) -> bool:
        return of_program.fullmatch(section) is not None or _PROGRAMS_TOOLS.fullmatch(section) is not None

    mine = [(section, text) for section, text in ours if is_programs(section)]
    check_of = {
        side: _grouped(side_sections, is_programs)
        for side, side_sections in (("ours", ours), ("theirs", theirs))
    }
    names = {section for groups in check_of.values() for section in groups}
    different = [
        section
        for section in names
        if _plain(check_of["ours"].get(section, "")) != _plain(check_of["theirs"].get(section, ""))
    ]
    automatic = name == "Cargo.toml" and _AUTOMATIC.findall(program) != _AUTOMATIC.findall(check)
    if not different and not automatic:
        return Combined(program, frozenset())
    text = "".join(text for _, text in mine)
    if automatic:
        text = _AUTOMATIC.sub("", text)
        text = re.sub(
            r"^\[package\].*\n",
            lambda found: found[0] + "".join(_AUTOMATIC.findall(check)),
            text,
            count=1,
            flags=re.MULTILINE,
        )
    text = text.rstrip("\n") + "\n\n" + "".join(text for section, text in theirs if not is_programs(section))
    kinds = {Part.QUALITY if _QUALITY_TOOLS.fullmatch(section) else Part.SETTINGS for section in different}
    return Combined(text, frozenset(kinds | ({Part.SETTINGS} if automatic else set())))


def _read(text: str) -> list[tuple[str, str]]:
    """The sections in their order, each with its header; what stands before the first has no name."""
    found = list(_HEADER.finditer(text))
    bounds = [0, *(match.start() for match in found), len(text)]
    names = ["", *(match[1].strip().replace('"', "") for match in found)]
    return [
        (
            name,
            text[start:end]
            if text[start:end].endswith("\n") or not text[start:end]
            else text[start:end] + "\n",
        )
        for name, start, end in zip(names, bounds, bounds[1:], strict=False)
    ]


def _grouped(sections: Sequence[tuple[str, str]], is_programs: Callable[[str], bool]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for section, text in sections:
        if not is_programs(section):
            groups[section] = groups.get(section, "") + text
    return groups


def _plain(text: str) -> list[str]:
    """Lines without layout and comments."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("#", ";"))]
