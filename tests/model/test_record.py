"""Values with declared fields, made of JSON when they are looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import batch_implement
from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.model.attempt import MAIN_TREE, Attempt, Worker, Workspace
from batch_implement.model.batch import Batch, Delivery, Owner, Wait
from batch_implement.model.evidence import Operation
from batch_implement.model.feature import Feature, Need
from batch_implement.model.record import (
    changed_fields,
    defaults_of,
    fields_of,
    from_json,
    is_record,
    record,
    replace,
    to_json,
)

LIB = Path(batch_implement.__file__).parents[1]
NEEDED: dict[str, Any] = {
    "batch_id": "b",
    "features_file": "",
    "features": [{"id": "1", "text": "Add login"}],
}


class Watched(dict[str, Any]):
    """JSON that knows which of its keys were looked at."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.seen: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.seen.append(name)
        return super().__getitem__(name)


# --- read ---------------------------------------------------------------------------------------------


def test_a_field_is_decoded_when_it_is_asked_for_and_once() -> None:
    source = Watched({**NEEDED, "notices": ["a"], "held": 7})
    batch = from_json(Batch, source)
    assert source.seen == []
    assert batch.notices is batch.notices
    assert batch.notices == ("a",)
    assert source.seen == ["notices"]


def test_what_is_missing_has_its_default() -> None:
    batch = from_json(Batch, NEEDED)
    assert (batch.status, batch.notices, batch.held, batch.owner) == ("in_progress", (), {}, None)
    assert from_json(Attempt, {"feature_index": 0, "number": 1, "started_at": ""}).workspace == MAIN_TREE


@pytest.mark.parametrize(
    ("field", "json", "value"),
    [
        ("completed_features", [1, 2], (1, 2)),
        ("held", {"3": "why"}, {3: "why"}),
        ("owner", {"session_id": "s"}, Owner(session_id="s")),
        ("owner", None, None),
        ("waits", [{"at": "x"}], (Wait(at="x"),)),
        ("attempts", {"0": []}, {0: ()}),
        (
            "git_operations",
            {"1": {"commit": {"success": True, "timestamp": "x"}}},
            {1: {"commit": Operation(success=True, timestamp="x")}},
        ),
        ("analysis_metadata", {"stats": {"0": [1]}}, {"stats": {"0": [1]}}),
    ],
)
def test_json_becomes_values_and_values_json(field: str, json: object, value: object) -> None:
    batch = from_json(Batch, {**NEEDED, field: json})
    assert getattr(batch, field) == value
    assert to_json(value) == json


@pytest.mark.parametrize(
    ("field", "json"),
    [
        ("batch_id", 7),
        ("status", None),
        ("sequence", "7"),
        ("sequence", True),
        ("sequence", 1.5),
        ("completed_features", 7),
        ("completed_features", "12"),
        ("completed_features", {}),
        ("completed_features", ["1"]),
        ("completed_features", [True]),
        ("notices", [["a"]]),
        ("held", {"1": 7}),
        ("context_tokens_before_clear", "x"),
        ("features", {"0": 7}),
        ("features", [7]),
        ("held", []),
        ("held", {"one": "why"}),
        ("owner", "me"),
        ("owner", []),
        ("waits", {"at": "x"}),
        ("attempts", {"0": 7}),
        ("git_operations", {"0": ["commit"]}),
    ],
)
def test_another_kind_in_json_is_named_when_it_is_looked_at(field: str, json: object) -> None:
    batch = from_json(Batch, {**NEEDED, field: json})
    assert batch.compactions == 0
    with pytest.raises(CorruptStateError, match=f"its field {field} is not "):
        getattr(batch, field)


@pytest.mark.parametrize("seconds", [0, 1.5])
def test_a_number_with_a_fraction_may_have_none(seconds: float) -> None:
    assert from_json(Wait, {"at": "x", "seconds": seconds}).seconds == seconds


def test_a_record_below_names_its_own_field() -> None:
    batch = from_json(Batch, {**NEEDED, "open_attempts": {"0": {"number": 1, "worker": 7}}})
    with pytest.raises(CorruptStateError, match="its field worker is not Worker"):
        batch.open_attempts[0].worker  # noqa: B018 -- looking is what fails
    with pytest.raises(CorruptStateError, match="its field started_at is missing"):
        batch.open_attempts[0].started_at  # noqa: B018 -- the same


# --- made and replaced --------------------------------------------------------------------------------


def test_a_misspelt_field_is_a_type_error_wherever_it_is_given() -> None:
    feature = Feature(id="1", text="x")
    with pytest.raises(TypeError, match="Feature has no field txet"):
        Feature(id="1", text="x", txet="y")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Feature has no field txet"):
        replace(feature, txet="y")  # type: ignore[call-arg]
    with pytest.raises(AttributeError, match="Feature has no field txet"):
        feature.txet  # type: ignore[attr-defined]  # noqa: B018 -- looking is what fails


def test_a_field_without_a_default_has_to_be_given() -> None:
    with pytest.raises(TypeError, match="Feature lacks id, text"):
        Feature()  # type: ignore[call-arg]


def test_a_record_can_not_be_changed() -> None:
    feature = Feature(id="1", text="x")
    with pytest.raises(AttributeError, match=r"Feature\.text can't be set: use replace"):
        feature.text = "y"  # type: ignore[misc]
    with pytest.raises(TypeError, match="unhashable"):
        hash(feature)


def test_a_replaced_record_leaves_the_one_it_is_made_of_alone() -> None:
    old = Feature(id="1", text="x")
    new = replace(old, text="y")
    assert (old.text, new.text, new.id) == ("x", "y", "1")
    assert changed_fields(new) == {"id", "text"}
    read = from_json(Feature, {"id": "1", "text": "x"})
    assert changed_fields(read) == set()
    assert changed_fields(replace(replace(read, text="y"), phase="2")) == {"text", "phase"}


def test_records_of_equal_fields_are_equal_however_they_were_made() -> None:
    read = from_json(Feature, {"id": "1", "text": "x", "weight": 1, "colour": "red"})
    assert read == Feature(id="1", text="x")
    assert read != replace(read, text="y")
    assert Worker(id="a") != Workspace(path="a")
    assert Need(on=1) != 1


def test_a_record_shows_all_its_fields() -> None:
    assert repr(Need(on=1)) == "Need(on=1, kind='mark', evidence='', confidence=1.0)"


def test_methods_and_properties_stay() -> None:
    assert Need(on=1, confidence=0.5).is_firm is False
    assert is_record(Need)
    assert not is_record(Need(on=1))
    assert not is_record(dict)
    assert "is_firm" not in fields_of(Need)
    assert defaults_of(Need) == {"kind": "mark", "evidence": "", "confidence": 1.0}


# --- written ------------------------------------------------------------------------------------------


def test_what_has_its_default_is_left_out() -> None:
    assert to_json(Feature(id="1", text="x", weight=1, phase="")) == {"id": "1", "text": "x"}
    assert to_json(Delivery()) == {}
    assert to_json(replace(from_json(Delivery, {"push": True}), push=False)) == {}


def test_what_it_does_not_know_is_kept() -> None:
    read = from_json(Operation, {"success": True, "timestamp": "x", "issue_number": 72})
    assert to_json(replace(read, url="y")) == {
        "success": True,
        "timestamp": "x",
        "issue_number": 72,
        "url": "y",
    }


def test_what_was_not_looked_at_is_written_as_it_was_read() -> None:
    source = Watched({"feature_index": 0, "number": 1, "started_at": "x", "worker": {"id": "w", "new": 1}})
    written = to_json(replace(from_json(Attempt, source), number=2))
    assert written == {"feature_index": 0, "number": 2, "started_at": "x", "worker": {"id": "w", "new": 1}}


def test_maps_by_index_have_texts_for_keys() -> None:
    assert to_json({1: Need(on=2), 3: (Need(on=4),)}) == {"1": {"on": 2}, "3": [{"on": 4}]}


# --- what a type checker finds ------------------------------------------------------------------------

SNIPPET = """
from batch_implement.model.batch import Batch
from batch_implement.model.record import replace

def use(batch: Batch) -> int:
    replace(batch, curent_index=1)
    replace(batch, current_index="1")
    Batch(batch_id="b", features_file="", features=(), curent_index=1)
    Batch(batch_id="b", features_file="")
    batch.current_index = 1
    replace(batch, status="dancing")
    return batch.curent_index
"""


def test_mypy_finds_what_is_misspelt_of_another_type_missing_or_set(tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET)
    # Without the project's configuration, whose paths are its own; the cache is of this test alone.
    options = ["--strict", "--config-file=", f"--cache-dir={tmp_path}/cache", "--python-version=3.10"]
    finished = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(snippet)],
        env={**os.environ, "MYPYPATH": str(LIB)},
        check=False,
        capture_output=True,
        text=True,
    )
    found = {line.split(":")[1]: line for line in finished.stdout.splitlines() if "error:" in line}
    assert found.keys() == {"6", "7", "8", "9", "10", "11", "12"}, finished.stdout
    assert '"curent_index"' in found["6"]
    assert '"curent_index"' in found["8"]
    assert '"features"' in found["9"]
    assert "read-only" in found["10"]
    assert "curent_index" in found["12"]


DECLARED_IN = {"Elsewhere": "batch_implement.model.no_such_module"}


@record(frozen=True, kw_only=True)
class _WithAPartThatIsGone:
    part: Elsewhere | None = None  # type: ignore[name-defined]  # noqa: F821


def test_a_record_whose_module_can_not_be_loaded_is_told_in_a_sentence() -> None:
    with pytest.raises(BatchStateError, match=r"could not be loaded .*no_such_module.* installation"):
        _ = from_json(_WithAPartThatIsGone, {"part": {}}).part
