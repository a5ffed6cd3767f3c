"""Edits of what the checks are: their configuration, their targets, their scripts and the CI's files.

Only what concerns the checks counts: of a file with sections, their sections; of a makefile, the target
that is run and what it needs. What is new counts where it narrows (ignores, deselects, forgives).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from batch_implement.proof.check_targets import package_edit, target_edit
from batch_implement.proof.configuration_edits import (
    any_edit,
    by_section,
    ci_edit,
    narrowing_edit,
    without_docstrings,
)
from batch_implement.proof.files_behind import files_behind
from batch_implement.proof.weakening import Weakening

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batch_implement.proof.configuration_edits import Judgement
    from batch_implement.workspace.file_versions import FileVersion

# Files with sections, and the sections that concern tests whatever the check command is.
_SECTIONS = (
    (r"pyproject\.toml", r"tool\.(?:pytest|coverage|tox|nox|hatch\.envs)(?:\..*)?"),
    (r"\.?pytest\.(?:ini|toml)|\.coveragerc", r".*"),
    (r"setup\.cfg|tox\.ini", r"(?:tool:)?pytest|testenv.*|tox|coverage:.*|unittest|nosetests"),
    (r"Cargo\.toml", r"\[?(?:test|lib|bin|profile\.test)\]?"),
)
_SECTIONS_OF = tuple((re.compile(files), re.compile(sections)) for files, sections in _SECTIONS)
_RUNNER = re.compile(
    r"(?:jest|vitest|karma|playwright|cypress|wdio|ava)\.(?:config|conf|workspace)\.[a-z]+"
    r"|\.(?:mocharc|nycrc|c8rc|rspec)(?:\.[a-z]+)?|phpunit\.xml(?:\.dist)?|noxfile\.py"
)
_NARROWING_ONLY = re.compile(r"vite\.config\.[a-z]+|pom\.xml|build\.gradle(?:\.kts)?")
_CI = re.compile(
    r"\A(?:\.github/(?:workflows|actions)/.{1,1000}\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|azure-pipelines\.yml"
    r"|\.travis\.yml|bitbucket-pipelines\.yml|\.ci/.*|\.pre-commit-config\.ya?ml|Jenkinsfile|\.drone\.yml)"
)
_BUILD_FILE = re.compile(r"(?:GNU)?[Mm]akefile|[Jj]ustfile|\.justfile")


def weakened_configuration(versions: Sequence[FileVersion], check_command: str) -> list[Weakening]:
    """What changed in the checks' configuration among the changed files."""
    words, behind = _words(check_command), files_behind(check_command)
    found = []
    for version in versions:
        before, after = _text(version.before), _text(version.after)
        judge = _judge(version.path, words, behind)
        if judge is not None and before != after:
            found += [Weakening(version.path, line, what) for line, what in judge(before, after)]
    return found


def _judge(path: str, words: set[str], behind: set[str]) -> Callable[[str, str], Judgement] | None:
    """How the edits of a file are judged; None for a file that is no part of the checks."""
    name = path.rpartition("/")[2]
    for files, sections in _SECTIONS_OF:
        if files.fullmatch(name):
            return partial(by_section, relevant=partial(_concerns_checks, sections, words))
    judges: tuple[tuple[bool, Callable[[str, str], Judgement]], ...] = (
        (path in behind or (name in behind and "." in name), any_edit),
        (name == "package.json", partial(package_edit, words=words)),
        (_BUILD_FILE.fullmatch(name) is not None, partial(target_edit, words=words)),
        (_CI.fullmatch(path) is not None, ci_edit),
        (_RUNNER.fullmatch(name) is not None, any_edit),
        (name == "conftest.py", _python_edit),
        (_NARROWING_ONLY.fullmatch(name) is not None, narrowing_edit),
    )
    return next((judge for applies, judge in judges if applies), None)


def _concerns_checks(sections: re.Pattern[str], words: set[str], section: str) -> bool:
    """True for a section about tests, and for one of a tool that the check command names."""
    return sections.fullmatch(section) is not None or not words.isdisjoint(section.split("."))


def _words(check_command: str) -> set[str]:
    """The files, targets and scripts that a command may name."""
    return {word.removeprefix("./") for word in re.split(r"[\s;&|'\"()]+", check_command) if word}


def _python_edit(before: str, after: str) -> Judgement:
    return narrowing_edit(without_docstrings(before), without_docstrings(after))


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "replace")
