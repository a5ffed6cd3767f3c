"""What kind of change a feature is, by what was changed: whether it needs a test that shows it."""

from __future__ import annotations

import ast
import re
from enum import Enum
from typing import TYPE_CHECKING

from batch_implement.proof.second_look.inline_tests import program_in
from batch_implement.proof.second_look.parts import IN_THE_CHECK, Part, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.workspace.file_versions import FileVersion


class Kind(Enum):
    FEATURE = "feature"
    NOTHING = "nothing"
    """White space, comments, empty files, modes."""
    DOCUMENTATION = "documentation"
    CONFIGURATION = "configuration"
    TESTS = "tests"
    REFACTORING = "refactoring"
    """Asked for as one, and with no test changed: the old ones say whether it is."""


_REFACTORING = re.compile(
    r"\A\W{0,9}(?:\w{1,20}(?:\([^)]{1,40}\))?: )?(?:refactor|restructur|reorgani[sz]|clean(?: |-)?up|tidy"
    r"|simplif|extract|inline|rename|move|split|dedup|reformat|format"
    r"|remove (?:the )?(?:dead|unused|duplicat)|use .{1,60} instead of)",
    re.IGNORECASE,
)
# Words by which a feature asks for what else says nothing.
_OF_LAYOUT = re.compile(
    r"\b(?:comments?|white ?space|indent\w*|re-?format\w*|format the|blank lines?|line ends?|line endings?"
    r"|executable|file modes?|typos?|spelling|licen[cs]e headers?)\b",
    re.IGNORECASE,
)
# Words by which tests alone are what was asked for.
_OF_TESTS = re.compile(
    r"\b(?:tests?|tested|testing|specs?|cover(?:s|age)?|assertions?|fixtures?|snapshots?|golden|mocks?"
    r"|benchmarks?|regressions?)\b",
    re.IGNORECASE,
)
# Files that say something by being there.
_MARKERS = frozenset({"py.typed", "__init__.py", ".gitkeep", ".keep", ".nojekyll"})
_INDENTED = (".yml", ".yaml", ".pug", ".haml", ".sass", ".coffee", "akefile")
_LINE_COMMENT = {
    ".py": "#",
    ".rb": "#",
    ".sh": "#",
    ".bash": "#",
    ".ex": "#",
    ".exs": "#",
    ".r": "#",
    ".pl": "#",
    ".jl": "#",
    ".lua": "--",
    ".sql": "--",
    ".hs": "--",
}
_DOCUMENTATION = ("///", "//!")
_BLOCK = re.compile(r"^[ \t]{0,80}/\*(?!\*)(?:[^*]|\*(?!/))*\*/[ \t]{0,80}$", re.MULTILINE)
_ANY_BLOCK = re.compile(r"^[ \t]{0,80}/\*(?:[^*]|\*(?!/))*\*/[ \t]{0,80}$", re.MULTILINE)
_DATA_OF_CONFIGURATION = re.compile(
    r".{0,1000}\.(?:toml|ini|cfg|ya?ml|json|jsonc|env|conf|properties|lock)|(?:.{0,1000}/)?\.[^/]{1,100}"
)


def kind_of(files: Sequence[tuple[Part, FileVersion]], text: str) -> Kind:
    """``text`` is the feature as it was asked for; what the worker says of it plays no part."""
    alive = [(part, version) for part, version in files if not is_void(part, version)]
    if not alive:
        return Kind.DOCUMENTATION if _OF_LAYOUT.search(text) else Kind.NOTHING
    parts = {part for part, _ in alive}
    code = [
        version
        for part, version in alive
        if part is Part.PROGRAM or (part is Part.TESTS and _has_program(version))
    ]
    if code and all(map(_only_docstrings, code)) and parts <= {Part.PROGRAM, Part.DOCUMENT}:
        return Kind.DOCUMENTATION
    if not code:
        if parts <= {Part.DOCUMENT}:
            return Kind.DOCUMENTATION
        if parts & {Part.TESTS, Part.SUPPORT}:
            is_asked = _OF_TESTS.search(text) or _REFACTORING.match(text)
            return Kind.TESTS if is_asked else Kind.FEATURE
        if all(
            part in IN_THE_CHECK or part is Part.DOCUMENT or _DATA_OF_CONFIGURATION.fullmatch(version.path)
            for part, version in alive
        ):
            return Kind.CONFIGURATION
    if not parts & {Part.TESTS, Part.SUPPORT} and _REFACTORING.match(text):
        return Kind.REFACTORING
    return Kind.FEATURE


def is_void(part: Part, version: FileVersion) -> bool:
    """Whether a change of a file says nothing: layout, comments, an empty file, a mode."""
    before, after = version.before or b"", version.after or b""
    if before == after:
        # Neither can be read: links, repositories, very large files.
        unreadable = version.before is None and version.after is None
        return not unreadable and version.path.rsplit("/", 1)[-1] not in _MARKERS
    if b"\0" in before or b"\0" in after:
        return False
    old, new = before.decode("utf-8", "replace"), after.decode("utf-8", "replace")
    if part is Part.DOCUMENT:
        return old.split() == new.split()
    if version.path.endswith(".py"):
        trees = _parsed(old), _parsed(new)
        if None not in trees:
            return ast.dump(trees[0]) == ast.dump(trees[1])  # type: ignore[arg-type]
    return _code(version.path, old) == _code(version.path, new)


def only_removes(versions: Sequence[FileVersion]) -> bool:
    """Whether the program has lost lines and has no new one."""
    program = [version for version in versions if part_of(version.path) is Part.PROGRAM]
    return bool(program) and not any(version.added_lines() for version in program)


def _has_program(version: FileVersion) -> bool:
    """Whether more than the tests within a source file changed."""
    if part_of(version.path) is not Part.PROGRAM or version.before is None or version.after is None:
        return False
    old, new = (program_in(content.decode("utf-8", "replace")) for content in (version.before, version.after))
    return _code(version.path, old) != _code(version.path, new)


def _only_docstrings(version: FileVersion) -> bool:
    if version.before is None or version.after is None:
        return False
    texts = [content.decode("utf-8", "replace") for content in (version.before, version.after)]
    if not version.path.endswith(".py"):
        old, new = (_code(version.path, text, with_documentation=False) for text in texts)
        return old == new
    trees = [_parsed(text) for text in texts]
    dumps = [ast.dump(_without_docstrings(tree)) for tree in trees if tree is not None]
    return len(dumps) == len(texts) and dumps[0] == dumps[1]


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and body:
            first = body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = body[1:] or [ast.Pass()]
    return tree


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _code(path: str, text: str, *, with_documentation: bool = True) -> list[str]:
    """The lines without layout, blank ones and those that are a comment as a whole.

    Comments that a language makes its documentation of say something, unless they are not asked for.
    """
    suffix = path[path.rfind(".") :] if "." in path.rsplit("/", 1)[-1] else ""
    marks: tuple[str, ...] = (_LINE_COMMENT.get(suffix, "//"),)
    if suffix in {".toml", ".ini", ".cfg", ".yml", ".yaml", ".env", ""}:
        marks = ("#", ";")
    kept = _DOCUMENTATION if with_documentation else ()
    text = (_BLOCK if with_documentation else _ANY_BLOCK).sub("", text)
    layout = str.rstrip if path.endswith(_INDENTED) else _one_line
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        layout(line)
        for line in lines
        if line.lstrip().startswith(kept) or not line.lstrip().startswith(marks)
    ]


def _one_line(line: str) -> str:
    return " ".join(line.split())
