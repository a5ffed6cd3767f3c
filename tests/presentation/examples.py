"""Values for the tables of wording, and whether a table has them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.model.batch import Batch
from batch_implement.model.check import Check
from batch_implement.model.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


def a_batch(*features: str, **fields: Any) -> Batch:
    texts = features or ("Greet the user", "Count the visits", "Print a farewell")
    given: dict[str, Any] = {
        "batch_id": "batch-1",
        "features_file": "features.txt",
        "features": tuple(Feature(id=str(number), text=text) for number, text in enumerate(texts, 1)),
        "check": Check(command="make test"),
        **fields,
    }
    return Batch(**given)


def classes_of(union: object, module: ModuleType) -> set[type]:
    """The classes of a union that is written as a text."""
    assert isinstance(union, str)
    return {getattr(module, name.strip()) for name in union.split("|")}


def kinds_in(rows: Iterable[tuple[Any, ...]]) -> set[type]:
    """The classes of what the rows of a table begin with."""
    return {type(row[0]) for row in rows}
