"""The page about the state shows the fields as they are declared."""

from __future__ import annotations

import pytest
from tests.state.state_fields import PAGE, page, tables

from batch_implement.model.batch import Batch
from batch_implement.model.record import fields_of


def test_the_page_is_what_the_declarations_say() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run: python -m tests.state.state_fields"


@pytest.mark.parametrize("name", sorted(fields_of(Batch)))
def test_every_field_of_a_batch_is_in_it(name: str) -> None:
    assert f"\n| `{name}` | " in tables()


def test_no_record_is_told_twice() -> None:
    headings = [line for line in tables().splitlines() if line.startswith("### ")]
    assert len(headings) == len(set(headings)) > 10
