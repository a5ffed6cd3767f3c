"""A batch as the file has it: the documented lists beside each other, made of one record a feature.

The file says ``features``, ``issue_numbers`` and ``feature_dependencies`` because its readers expect that;
the program reads none of them but the texts. What a feature is stands in ``feature_records``.
"""

from __future__ import annotations

from _collections_abc import Iterator, Mapping  # by its other name it brings all of collections

from batch_implement.model.batch import VERSION, Batch
from batch_implement.model.record import changed_fields, fields_of, from_json, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from batch_implement.json_types import JsonObject
    from batch_implement.model.feature import Feature
    from batch_implement.state.document import Document

FEATURES = "features"
RECORDS = "feature_records"
OF_FEATURES = {
    "total_features": "How many there are, from 1 to 1,000",
    FEATURES: "Their texts: one line each, without control characters, at most 10,000 characters long",
    RECORDS: "What else is known of each, in the same order",
    "issue_numbers": "The issues among them, in the same order; null when there is none",
    "feature_dependencies": "By feature, what has to come before it",
}
"""What the file has for the features, and what it means."""
_IN_FILE = frozenset(fields_of(Batch)).union(OF_FEATURES)


def is_present(document: Document) -> bool:
    """Whether it is of the present version with all its fields; else it is to be upgraded."""
    return document.get("version") == VERSION and not _IN_FILE.difference(document)


def batch_of(document: Document) -> Batch:
    """The batch that a document of the present version holds."""
    return from_json(Batch, _WithFeatures(document))


def fields_to_write(before: Batch, after: Batch) -> JsonObject:
    """What a transition changed, as the file has it."""
    there = before.__dict__
    return _as_in_file(
        after, [name for name in changed_fields(after) if getattr(after, name) is not there.get(name, there)]
    )


def all_fields(batch: Batch) -> JsonObject:
    """The whole batch, as the file has it."""
    return _as_in_file(batch, fields_of(Batch))


def _as_in_file(batch: Batch, names: Iterable[str]) -> JsonObject:
    fields: JsonObject = {}
    for name in names:
        if name == FEATURES:
            fields |= _feature_fields(batch.features)
        else:
            fields[name] = to_json(getattr(batch, name))
    return fields


def _feature_fields(features: tuple[Feature, ...]) -> JsonObject:
    records = [to_json(feature) for feature in features]
    numbers = [feature.issue for feature in features]
    return {
        "total_features": len(features),
        FEATURES: [record.pop("text") for record in records],
        RECORDS: records,
        "issue_numbers": numbers if any(numbers) else None,
        "feature_dependencies": {
            str(index): sorted({need.on for need in feature.needs}) for index, feature in enumerate(features)
        },
    }


class _WithFeatures(Mapping[str, "Any"]):
    """A document whose features are records; the texts of a thousand are put in when they are asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __getitem__(self, name: str) -> Any:
        if name != FEATURES:
            return self._document[name]
        texts, records = self._document[FEATURES], self._document[RECORDS]
        return [{**record, "text": text} for text, record in zip(texts, records, strict=True)]

    def length_of(self, name: str) -> int:
        return int(self._document["total_features"]) if name == FEATURES else len(self._document[name])

    def __contains__(self, name: object) -> bool:
        return name in self._document

    def __iter__(self) -> Iterator[str]:
        return iter(self._document)

    def __len__(self) -> int:
        return len(self._document)
