"""The bytes of a state file."""

from __future__ import annotations

import json
import zlib

import pytest

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.state.document import VERSION, Document
from batch_implement.system.files import strict_json

FIELDS = {"version": VERSION, "batch_id": "b", "features": ["ä\u2028 \U0001f600"], "retry_attempts": {"1": 2}}


def test_what_is_written_is_json_that_any_tool_reads() -> None:
    fields = json.loads(Document.of(FIELDS).render())
    assert len(fields.pop("checksum")) == 8
    assert fields == FIELDS


def test_each_field_is_a_line_of_ascii() -> None:
    data = Document.of(FIELDS).render()
    assert data.isascii()
    assert len(data.splitlines()) == len(FIELDS) + 3


def test_what_is_written_is_read_again() -> None:
    assert dict(Document.parse(Document.of(FIELDS).render())) == FIELDS


def test_a_change_leaves_the_document_it_is_made_of_alone() -> None:
    old = Document.of(FIELDS)
    new = old.changed({"batch_id": "c", "status": "paused"})
    assert (old["batch_id"], new["batch_id"], new["status"]) == ("b", "c", "paused")
    assert "status" not in old


def test_a_text_that_looks_like_the_checksum_is_a_text() -> None:
    fields = {"version": VERSION, "notices": ['"checksum":"00000000"'], "check": {"checksum": "x"}}
    assert dict(Document.parse(Document.of(fields).render())) == fields


def test_a_number_that_json_does_not_know_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        Document.of({"x": float("nan")})


HOSTILE = [
    (b"", "not JSON"),
    (b"\0" * 100, "not JSON"),
    (b"\xff\xfe{}", "not UTF-8"),
    (b'\xef\xbb\xbf{"batch_id":1}', "not JSON"),
    (b'{"x":NaN}', "NaN is not a number"),
    (b'{"x":-Infinity}', "-Infinity is not a number"),
    (b'{"x":1e999}', "1e999 is too large"),
    (b'{"x":-1e999}', "-1e999 is too large"),
    (b'{"x":1,"x":2}', "there twice"),
    (b'{"x":{"y":1,"y":2}}', "there twice"),
    (b'{"x":"\\ud800"}', "not UTF-8"),
    (b'{"\\udfff":1}', "not UTF-8"),
    (b'{"x":' + b"7" * 5000 + b"}", "not JSON"),
    (b'{"x":1} {}', "not JSON"),
    (b"{'x':1}", "not JSON"),
    (b'{"x":1,}', "not JSON"),
    (b'{"x":"\n"}', "not JSON"),
    (b'{"x":"\\x41"}', "not JSON"),
    (b"[1]", "not an object"),
    (b'{"":1}', "field named ''"),
    (b'{"a b":1}', "field named 'a b'"),
]


@pytest.mark.parametrize(("data", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_gets_a_clean_error(data: bytes, said: str) -> None:
    with pytest.raises(CorruptStateError, match=said):
        Document.parse(data)


def test_deep_nesting_gets_a_clean_error() -> None:
    with pytest.raises(CorruptStateError, match="nested too deeply"):
        Document.parse(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(CorruptStateError, match="x is nested too deeply"):
        Document.of({"x": deep})


@pytest.mark.parametrize("value", [b"NaN", b"1e999", b'{"x":1,"x":2}', b"", b'"\\ud800"', b"[1", b"\xff"])
def test_a_hostile_field_under_a_right_checksum_gets_a_clean_error(value: bytes) -> None:
    data = Document({"version": b"2", "notices": value}).render()
    with pytest.raises(CorruptStateError, match="its field notices is damaged"):
        Document.parse(data)["notices"]


def test_lines_that_are_no_fields_under_a_right_checksum_get_a_clean_error() -> None:
    with pytest.raises(CorruptStateError, match="a line that is not a field"):
        Document.parse(Document({"version": b"2", "notices": b"[],\n\xff\xfe\nno colon"}).render())


def test_a_field_that_is_there_is_found() -> None:
    document = Document.of({"version": VERSION})
    assert "version" in document
    assert "owner" not in document


def test_a_line_that_does_not_end_as_ours_do_is_no_field() -> None:
    with pytest.raises(CorruptStateError, match="a line that is not a field"):
        Document.parse(Document({"version": b"2", "notices": b'[];\n"x":1'}).render())


def test_a_field_that_is_there_twice_is_refused_as_a_key_would_be() -> None:
    with pytest.raises(CorruptStateError, match="a field twice"):
        Document.parse(Document({"version": b"2", "notices": b'[],\n"version":2'}).render())


def test_what_stands_before_the_first_field_is_not_kept() -> None:
    data = Document.of({"version": VERSION, "features": ["x" * 10_000], "notices": []}).render()
    body = data.replace(b"{\n", b'{"features":NaN,\n', 1).rpartition(b'"checksum":')[0]
    hostile = body + b'"checksum":"%08x"\n}\n' % zlib.crc32(body)
    document = Document.parse(hostile)
    assert document.changed({"notices": []}).render() == data


def test_the_largest_field_is_handed_on_as_it_lies_in_memory() -> None:
    data = Document.of({"batch_id": "b", "features": ["x" * 10_000], "notices": ["n" * 9_000]}).render()
    beginning = Document.parse(data).changed({"notices": []}).parts()[0]
    assert isinstance(beginning, memoryview)
    assert beginning.obj is data
    assert bytes(beginning).endswith(b'xxx"]')


@pytest.mark.parametrize("large", [None, "batch_id", "features", "notices"])
def test_a_changed_file_is_the_one_that_is_written_from_nothing(large: str | None) -> None:
    """Whatever field is the largest, and whether the changed ones come before or after it."""
    fields: dict[str, object] = {"batch_id": "b", "version": VERSION, "features": ["a"], "notices": []}
    if large is not None:
        fields[large] = "x" * 100_000
    data = Document.of(fields).render()
    for changes in ({}, {"batch_id": "c"}, {"features": ["b"] * 5000}, {"notices": ["n"], "new": 1}):
        changed = Document.parse(data).changed(changes)
        assert changed.render() == Document.of({**fields, **changes}).render()
        assert dict(Document.parse(changed.render())) == {**fields, **changes}


def test_a_field_s_name_that_is_no_text_under_a_right_checksum_is_kept_out_of_the_way() -> None:
    document = Document.parse(Document({"version": b"2", "notices": b'[],\n"\xff":1'}).render())
    assert (document["notices"], len(document)) == ([], 3)


@pytest.mark.parametrize("version", [VERSION + 1, 99, "3", None, 2.5])
def test_a_version_it_does_not_know_asks_for_an_update(version: object) -> None:
    for data in (Document.of({"version": version}).render(), json.dumps({"version": version}).encode()):
        with pytest.raises(BatchStateError, match="Update batch-implement") as refused:
            Document.parse(data)
        assert not isinstance(refused.value, CorruptStateError)


def test_our_version_without_a_checksum_was_changed_by_another_program() -> None:
    with pytest.raises(CorruptStateError, match="its checksum is wrong"):
        Document.parse(json.dumps({"version": VERSION}).encode())


@pytest.mark.parametrize("value", [1, -1, 0, 10**18, 1.5, 1e308, -0.0, "x", [], {}, None, True])
def test_ordinary_values_are_taken(value: object) -> None:
    assert strict_json.parse_json(json.dumps({"x": value}).encode()) == {"x": value}
