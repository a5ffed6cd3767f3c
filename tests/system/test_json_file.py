"""JSON that anybody may have written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.system.files.json_file import parse_object, to_bytes
from batch_implement.system.files.strict_json import NotJsonError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b"\x00" * 100,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
        b'{"a": 1} {"b": 2}',
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_json_is_refused(data: bytes) -> None:
    with pytest.raises(NotJsonError):
        parse_object(data)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    value = {"a": [1, 2.5, None, "ü\u2028"], "b": {"c": True}}
    assert to_bytes(value).isascii()
    assert parse_object(to_bytes(value)) == value
