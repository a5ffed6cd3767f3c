"""A batch id leads nowhere but to its own files, and everything that keeps one has the same rule."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from batch_implement.model.batch_id import is_batch_id
from batch_implement.state.schema import schema

SCHEMA = schema()["properties"]["batch_id"]


@pytest.mark.parametrize(
    "text", ["batch-20251118-123456", "batch-123", "a", "7", "v1.2_x-y", "x" * 100, "a."]
)
def test_a_simple_name_is_one(text: str) -> None:
    assert is_batch_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a..b",
        ".hidden",
        "-x",
        "_x",
        "a/b",
        "../x",
        "a\\b",
        "a b",
        "a\nb",
        "a\n",
        "ü",
        "٣",
        "x" * 101,
    ],
)
def test_what_could_lead_elsewhere_is_none(text: str) -> None:
    assert not is_batch_id(text)


@given(st.text(st.sampled_from("aZ09._-/ \n\\ü٣"), max_size=8) | st.text(max_size=4))
@example("a\n")
@example("a..b")
@example("x" * 100)
@example("x" * 101)
def test_the_schema_has_the_same_rule(text: str) -> None:
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(text) is is_batch_id(text)
