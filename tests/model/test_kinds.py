"""What a kind may be is told to the type checker and to the program, which have to agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from batch_implement.model import kinds
from batch_implement.state.schema import schema


def _as_a_type_checker_sees_them() -> dict[str, Any]:
    names: dict[str, Any] = {}
    source = Path(kinds.__file__).read_text()
    exec(source.replace("TYPE_CHECKING = False", "TYPE_CHECKING = True"), names)  # noqa: S102 -- our own
    return names


@pytest.mark.parametrize(
    ("kind", "values"),
    [("Status", kinds.STATUSES), ("Workflow", kinds.WORKFLOWS), ("BranchMode", kinds.BRANCH_MODES)],
)
def test_the_program_knows_the_values_that_the_type_checker_knows(kind: str, values: tuple[str, ...]) -> None:
    assert get_args(_as_a_type_checker_sees_them()[kind]) == values


def test_every_kind_has_its_type_in_json() -> None:
    seen = _as_a_type_checker_sees_them()
    kinds_of_plain_values = {
        name: frozenset({kind} if isinstance(kind, type) else map(type, get_args(kind)))
        for name, kind in seen.items()
        if name[0].isupper() and not name.isupper() and name != "Literal"
    }
    assert {
        **kinds_of_plain_values,
        "int": frozenset({int}),
        "str": frozenset({str}),
        "bool": frozenset({bool}),
        "float": frozenset({int, float}),
    } == kinds.IN_JSON


def test_an_earlier_name_is_of_a_status_and_none_itself() -> None:
    assert set(kinds.EARLIER_NAMES.values()) <= set(kinds.STATUSES)
    assert set(kinds.EARLIER_NAMES).isdisjoint(kinds.STATUSES)


def test_the_schema_takes_what_the_type_checker_takes() -> None:
    properties = schema()["properties"]
    delivery = properties["delivery"]["anyOf"][0]["properties"]
    assert properties["status"]["enum"] == [*kinds.STATUSES]
    assert properties["workflow_mode"]["enum"] == [*kinds.WORKFLOWS]
    assert delivery["mode"]["enum"] == [*kinds.BRANCH_MODES]
    assert properties["git_operations"]["additionalProperties"]["propertyNames"]["enum"] == [
        *kinds.OPERATIONS
    ]
