"""The bytes of a state file: JSON with one field a line and a checksum in the last.

Any JSON tool reads it. Because each field is a line, an update decodes the fields it asks for and
encodes the ones it changes; the text of a thousand features is copied, not parsed. The checksum finds
what JSON does not: a third of all flipped bits leave valid JSON.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from batch_implement.errors import BatchStateError, CorruptStateError

VERSION = 2
_CHECKSUM_KEY = b'"checksum":'


class Document(Mapping[str, Any]):
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
            return _of_known_version(cls(_split(body)))
        fields = parse_json(data)
        if not isinstance(fields, dict):
            raise CorruptStateError("it is valid JSON but not an object")
        document = _of_known_version(cls.of(fields))
        if "version" in fields or "checksum" in fields:
            raise CorruptStateError("its checksum is wrong: it was changed after the program wrote it")
        return document

    def changed(self, changes: Mapping[str, Any]) -> Document:
        return Document({**self._encoded, **{name: _encode(name, value) for name, value in changes.items()}})

    def render(self) -> bytes:
        lines = b",\n".join(b'"%s":%s' % (name.encode(), value) for name, value in self._encoded.items())
        body = b"{\n" + lines + b",\n"
        return body + _CHECKSUM_KEY + _tail(body)

    def __getitem__(self, name: str) -> Any:
        if name not in self._decoded:
            # Not parse_json: the checksum has shown that these are our own bytes.
            try:
                self._decoded[name] = json.loads(self._encoded[name])
            except (ValueError, RecursionError) as error:
                raise CorruptStateError(f"its field {name} is not JSON") from error
        return self._decoded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


def _of_known_version(document: Document) -> Document:
    version = document.get("version", 1)
    if not isinstance(version, int) or version > VERSION:
        raise BatchStateError(
            f"it has version {str(version)[:20]}, and this program knows versions up to {VERSION}: "
            "update batch-implement"
        )
    return document


def parse_json(data: bytes) -> Any:
    """JSON without what Python accepts beyond it: NaN, repeated keys, half a surrogate pair.

    Raises :class:`CorruptStateError` saying what is wrong with it.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
            parse_float=_finite,
        )
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise CorruptStateError("it is nested too deeply to be a state") from error
    except UnicodeError as error:
        raise CorruptStateError("it holds characters that are not UTF-8") from error
    except ValueError as error:
        raise CorruptStateError(f"it is not JSON: {str(error)[:120]}") from error
    return value


def _encode(name: str, value: Any) -> bytes:
    if not name.isidentifier():
        raise CorruptStateError(f"it has a field named {name[:60]!r}")
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def _tail(body: bytes) -> bytes:
    return b'"%08x"\n}\n' % zlib.crc32(body)


def _split(body: bytes) -> dict[str, bytes]:
    encoded = {}
    for line in body.split(b"\n")[1:-1]:
        name, _, value = line.partition(b":")
        encoded[name[1:-1].decode()] = value[:-1]
    return encoded


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is there twice")
    return fields
