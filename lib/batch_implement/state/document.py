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

    def __init__(self, encoded: Mapping[str, bytes]) -> None:
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
        body, key, tail = data.rpartition(_CHECKSUM_KEY)
        if key and tail == _tail(body):
            document = cls(_split(body))
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
        lines = b",\n".join(b'"%s":%s' % (name.encode(), value) for name, value in self._encoded.items())
        body = b"{\n" + lines + b",\n"
        return body + _CHECKSUM_KEY + _tail(body)

    def __getitem__(self, name: str) -> Any:
        if name not in self._decoded:
            # As strict as with any other file: a repository may bring a state with a right checksum.
            try:
                self._decoded[name] = parse_json(self._encoded[name])
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


def _tail(body: bytes) -> bytes:
    return b'"%08x"\n}\n' % zlib.crc32(body)


def _split(body: bytes) -> dict[str, bytes]:
    """The encoded fields; one that is not a line of ours is found out when it is decoded."""
    encoded = {}
    for line in body.split(b"\n")[1:-1]:
        name, _, value = line.partition(b":")
        encoded[name[1:-1].decode("utf-8", "replace")] = value[:-1]
    return encoded
