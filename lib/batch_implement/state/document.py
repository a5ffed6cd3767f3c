"""The bytes of a state file: JSON with one field a line and a checksum in the last.

Any JSON tool reads it. Because each field is a line, an update decodes the fields it asks for and
encodes the ones it changes; the text of a thousand features is copied, not parsed. The checksum finds
what JSON does not: a third of all flipped bits leave valid JSON.
"""

from __future__ import annotations

import zlib
from _collections_abc import Iterator, Mapping  # by its other name it brings all of collections

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.state.strict_json import parse_json, render_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 2
_CHECKSUM_KEY = b'"checksum":'


class Document(Mapping[str, "Any"]):
    """The fields of a state, decoded when they are first asked for. Values are not to be changed in place."""

    def __init__(self, encoded: Mapping[str, bytes | memoryview]) -> None:
        self._encoded = dict(encoded)
        self._decoded: dict[str, Any] = {}

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Document:
        return cls({name: _encode(name, value) for name, value in fields.items() if name != "checksum"})

    @classmethod
    def parse(cls, data: bytes) -> Document:
        """Read a state file's bytes.

        Raises :class:`CorruptStateError` for what is not a state or was changed outside the program,
        :class:`BatchStateError` for a state of a later version. A file of an early version, which had
        neither a version nor a checksum, is read as it is.
        """
        end = data.rfind(_CHECKSUM_KEY)
        if end >= 0 and data[end:] == _CHECKSUM_KEY + _tail(zlib.crc32(memoryview(data)[:end])):
            document = cls(_split(data, end))
            _check_version(document)
            return document
        fields = parse_json(data)
        if not isinstance(fields, dict):
            raise CorruptStateError("it is valid JSON but not an object")
        if "checksum" not in fields:
            # Before the checksum is missed: a later version may have put something else in its place.
            _check_version(fields)
        if "version" in fields or "checksum" in fields:
            raise CorruptStateError("its checksum is wrong: it was changed after the program wrote it")
        return cls.of(fields)

    def changed(self, changes: Mapping[str, Any]) -> Document:
        return Document({**self._encoded, **{name: _encode(name, value) for name, value in changes.items()}})

    def render(self) -> bytes:
        return b"".join(self.parts())

    def parts(self) -> list[bytes | memoryview]:
        """The file's bytes in pieces: joining them would touch twice as much memory."""
        parts: list[bytes | memoryview] = []
        head = b'{\n"%s":'
        for name, value in self._encoded.items():
            parts += (head % name.encode(), value)
            head = b',\n"%s":'
        parts.append(b",\n")
        checksum = 0
        for part in parts:
            checksum = zlib.crc32(part, checksum)
        parts.append(_CHECKSUM_KEY + _tail(checksum))
        return parts

    def __getitem__(self, name: str) -> Any:
        if name not in self._decoded:
            # As strict as with any other file: a repository may bring a state with a right checksum.
            try:
                self._decoded[name] = parse_json(bytes(self._encoded[name]))
            except CorruptStateError as error:
                raise CorruptStateError(f"its field {name[:60]} is damaged: {error}") from error
        return self._decoded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._encoded

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


def _check_version(fields: Mapping[str, Any]) -> None:
    version = fields.get("version", 1)
    if not isinstance(version, int) or version > VERSION:
        raise BatchStateError(
            f"it has version {str(version)[:20]}, and this program knows versions up to {VERSION}. "
            "Update batch-implement"
        )


def _encode(name: str, value: Any) -> bytes:
    if not name.isidentifier():
        raise CorruptStateError(f"it has a field named {name[:60]!r}")
    try:
        return render_json(value)
    except RecursionError as error:
        raise CorruptStateError(f"its field {name} is nested too deeply") from error


def _tail(checksum: int) -> bytes:
    return b'"%08x"\n}\n' % checksum


def _split(data: bytes, end: int) -> dict[str, bytes | memoryview]:
    """The encoded fields, none of them copied; a value that is not JSON is found when it is decoded."""
    view = memoryview(data)
    encoded: dict[str, bytes | memoryview] = {}
    begin = data.find(b"\n", 0, end) + 1
    while (stop := data.find(b"\n", begin, end)) >= 0:
        colon = data.find(b":", begin, stop)
        if colon < 0:
            raise CorruptStateError("it has a line that is not a field")
        encoded[data[begin + 1 : colon - 1].decode("utf-8", "replace")] = view[colon + 1 : stop - 1]
        begin = stop + 1
    return encoded
