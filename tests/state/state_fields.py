"""Writes the tables of fields into docs/batch-state.md, from their declarations.

    python -m tests.state.state_fields

A field's kind, default and meaning stand where it is declared, in ``model/``; the page only shows them.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "lib")]

from batch_implement.model import kinds  # noqa: E402 -- needs the path above
from batch_implement.model.batch import Batch  # noqa: E402
from batch_implement.model.feature import Feature  # noqa: E402
from batch_implement.model.record import defaults_of, fields_of, is_record, record_named, to_json  # noqa: E402
from batch_implement.state.fields import REQUIRED  # noqa: E402
from batch_implement.state.form import FEATURES, OF_FEATURES, RECORDS  # noqa: E402

PAGE = ROOT / "docs" / "batch-state.md"
BEGIN, END = "<!-- fields: python -m tests.state.state_fields -->", "<!-- end of fields -->"
LONGEST_DEFAULT = 40
WORDS = {
    "str": "text",
    "Sentence": "text",
    "Line": "line",
    "Time": "time",
    "Identifier": "identifier",
    "int": "number",
    "Count": "number",
    "Index": "index",
    "float": "number",
    "bool": "true or false",
    "object": "anything",
}
IN_THE_FILE = {
    "total_features": "number",
    FEATURES: "list of line",
    RECORDS: "list of [Feature](#feature)",
    "issue_numbers": "list of number, or null",
    "feature_dependencies": "index → list of index",
}


def tables() -> str:
    """The table of the batch, and one for each record in it, in the order in which they are met."""
    found: list[type] = [Batch]
    for kind in found:  # which grows meanwhile
        for inner in _records_in(kind):
            if inner not in found:
                found.append(inner)
    return "\n".join(_table(kind) for kind in found)


def page(text: str) -> str:
    """The page with the tables as they are now."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n\n{tables()}\n{END}{rest.split(END)[1]}"


def _table(kind: type) -> str:
    lines = [] if kind is Batch else [f"### {kind.__name__}", "", _plain(kind.__doc__ or ""), ""]
    lines += ["| field | kind | default | meaning |", "|---|---|---|---|"]
    meanings = _meanings(kind)
    for name, annotation in fields_of(kind).items():
        if kind is Batch and name == FEATURES:
            lines += [_row(own, IN_THE_FILE[own], "", meaning) for own, meaning in OF_FEATURES.items()]
        elif not (kind is Feature and name == "text"):  # in the list of texts
            meaning = meanings.get(name) or _of_its_kind(kind, annotation)
            lines.append(_row(name, _words(annotation), _default(kind, name), meaning))
    return "\n".join([*lines, ""])


def _row(name: str, kind: str, default: str, meaning: str) -> str:
    return f"| `{name}` | {kind} | {default or ('needed' if name in REQUIRED else '')} | {meaning} |"


def _default(kind: type, name: str) -> str:
    if name not in defaults_of(kind) or (kind is Batch and name in REQUIRED):
        return "needed"
    default = json.dumps(to_json(defaults_of(kind)[name]))
    return f"`{default}`" if len(default) <= LONGEST_DEFAULT else "a text"


def _words(annotation: str) -> str:
    """An annotation as somebody says it who reads the file."""
    annotation = annotation.replace(" ", "")
    if annotation.endswith("|None"):
        return f"{_words(annotation.removesuffix('|None'))}, or null"
    if annotation.startswith("tuple["):
        return f"list of {_words(annotation[len('tuple[') :].removesuffix(',...]'))}"
    if annotation.startswith("Mapping["):
        key, _, of = annotation[len("Mapping[") : -1].partition(",")
        return f"{'index' if key == 'int' else 'name'} → {_words(of)}"
    return WORDS.get(annotation) or _values(annotation) or f"[{annotation}](#{annotation.lower()})"


def _values(annotation: str) -> str:
    """What one of several texts may be."""
    for node in ast.walk(ast.parse(Path(kinds.__file__).read_text())):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            literal = node.value
            if node.targets[0].id == annotation and isinstance(literal, ast.Subscript):
                values = ast.literal_eval(literal.slice)
                return ", ".join(f"`{one}`" for one in ([values] if isinstance(values, str) else values))
    return ""


def _records_in(kind: type) -> list[type]:
    names = vars(sys.modules[kind.__module__])
    mentioned = re.findall(r"\w+", " ".join(fields_of(kind).values()))
    found = [record_named(name, names) for name in mentioned]
    return [one for one in found if is_record(one)]


def _of_its_kind(kind: type, annotation: str) -> str:
    """What the record says of itself that a field without words of its own holds."""
    names = vars(sys.modules[kind.__module__])
    (record, *_) = [
        *(one for word in re.findall(r"\w+", annotation) if is_record(one := record_named(word, names))),
        None,
    ]
    return _plain(record.__doc__ or "") if record is not None else ""


def _meanings(kind: type) -> dict[str, str]:
    """The text below each field."""
    module = importlib.import_module(kind.__module__)
    tree = ast.parse(Path(str(module.__file__)).read_text())
    body = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    ).body
    meanings = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            meanings[field.target.id] = _plain(str(ast.literal_eval(text.value))) if is_text else ""
    return meanings


def _plain(text: str) -> str:
    """Markdown of a docstring, on one line and without its last stop."""
    line = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", " ".join(text.split()).replace("``", "`"))
    return line.removesuffix(".").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
