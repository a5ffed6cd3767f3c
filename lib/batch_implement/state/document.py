"""The bytes of a state file: JSON with one field a line and a checksum in the last.

Any JSON tool reads it. Because each field is a line, an update decodes the fields it asks for and
encodes the ones it changes; the text of a thousand features is copied, not parsed. The checksum finds
what JSON does not: a third of all flipped bits leave valid JSON.
"""

from __future__ import annotations

import zlib
from _collections_abc import Iterable, Iterator, Mapping  # by its other name it brings all of collections
from itertools import islice

from batch_implement.errors import BatchStateError, CorruptStateError, UnversionedStateError
from batch_implement.model.batch import VERSION
from batch_implement.system.files import strict_json
from batch_implement.system.files.strict_json import NotJsonError, render_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.json_types import JsonMapping, JsonObject

_CHECKSUM_KEY = b'"checksum":'
_OPENING = b"{\n"
_BETWEEN = b",\n"
# In bytes: a smaller value is copied, which costs less than handing it on as a piece of its own.
_LARGE = 4096


class _Beginning:
    """A file's bytes to the end of its largest field: while they stay, so does their checksum."""

    __slots__ = ("checksum", "data", "fields")

    def __init__(self, data: bytes | memoryview = b"", fields: int = 0) -> None:
        self.data = data
        self.fields = fields
        self.checksum = zlib.crc32(data)


class Document(Mapping[str, "Any"]):
    """The fields of a state, decoded when they are first asked for. Values are not to be changed in place."""

    def __init__(
        self, encoded: Mapping[str, bytes | memoryview], beginning: _Beginning | None = None
    ) -> None:
        self._encoded = dict(encoded)
        self._decoded: JsonObject = {}
        self._beginning = beginning or _Beginning()

    @classmethod
    def of(cls, fields: JsonMapping) -> Document:
        return cls({name: _encode(name, value) for name, value in fields.items() if name != "checksum"})

    @classmethod
    def parse(cls, data: bytes, *, unversioned: bool = False) -> Document:
        """Read a state file's bytes.

        Raises :class:`CorruptStateError` for what is not a state or was changed outside the program,
        :class:`BatchStateError` for a state of a later version. The first version wrote neither a version nor
        a checksum, and anybody can: such a file is read only where ``unversioned`` is said.
        """
        end = data.rfind(_CHECKSUM_KEY)
        if end >= 0:
            lines = _lines(data, end)
            beginning = _beginning(data, lines)
            rest = memoryview(data)[len(beginning.data) : end]
            if data[end:] == _CHECKSUM_KEY + _tail(zlib.crc32(rest, beginning.checksum)):
                document = cls(_fields(data, lines), beginning)
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
        document = cls.of(fields)
        if not unversioned:
            raise UnversionedStateError("it has neither a version nor a checksum")
        return document

    def changed(self, changes: JsonMapping, gone: Iterable[str] = ()) -> Document:
        encoded = {**self._encoded, **{name: _encode(name, value) for name, value in changes.items()}}
        for name in gone:
            encoded.pop(name, None)
        stays = {*changes, *gone}.isdisjoint(islice(self._encoded, self._beginning.fields))
        return Document(encoded, self._beginning if stays else None)

    def render(self) -> bytes:
        return b"".join(self.parts())

    def parts(self) -> list[bytes | memoryview]:
        """The file's bytes in pieces: joining them would touch twice as much memory."""
        pieces = list(self._pieces(self._beginning.fields))
        checksum = self._beginning.checksum
        for piece in pieces:
            checksum = zlib.crc32(piece, checksum)
        return [self._beginning.data, *pieces, _CHECKSUM_KEY + _tail(checksum)]

    def _pieces(self, first: int) -> Iterator[bytes | memoryview]:
        """The fields from the ``first`` on with what stands between them, to the checksum."""
        small: list[bytes | memoryview] = []
        opening = _BETWEEN if first else _OPENING
        for name in islice(self._encoded, first, None):
            value = self._encoded[name]
            small += (opening, b'"%s":' % name.encode(), value)
            opening = _BETWEEN
            if len(value) > _LARGE:
                yield b"".join(small[:-1])
                yield small.pop()
                small.clear()
        yield b"".join((*small, _BETWEEN))

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


def parse_json(data: bytes) -> Any:
    """Raises :class:`CorruptStateError` for what is not JSON by the standard."""
    try:
        return strict_json.parse_json(data)
    except NotJsonError as error:
        raise CorruptStateError(str(error)) from error


def _check_version(fields: JsonMapping) -> None:
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


def _lines(data: bytes, end: int) -> list[tuple[int, int]]:
    """Where each field's line begins, and where it ends before its comma."""
    lines = []
    begin = data.find(b"\n", 0, end) + 1
    while (stop := data.find(b"\n", begin, end)) >= 0:
        lines.append((begin, stop - 1))
        begin = stop + 1
    return lines


def _beginning(data: bytes, lines: list[tuple[int, int]]) -> _Beginning:
    if not lines or not data.startswith(_OPENING):
        return _Beginning()
    largest = max(range(len(lines)), key=lambda number: lines[number][1] - lines[number][0])
    return _Beginning(memoryview(data)[: lines[largest][1]], largest + 1)


def _fields(data: bytes, lines: list[tuple[int, int]]) -> dict[str, bytes | memoryview]:
    """The encoded fields, none of them copied; a value that is not JSON is found when it is decoded."""
    view = memoryview(data)
    encoded: dict[str, bytes | memoryview] = {}
    for begin, stop in lines:
        colon = data.find(b":", begin, stop)
        if colon < 0 or data[stop : stop + 1] != b",":
            raise CorruptStateError("it has a line that is not a field")
        encoded[data[begin + 1 : colon - 1].decode("utf-8", "replace")] = view[colon + 1 : stop]
    if len(encoded) < len(lines):
        raise CorruptStateError("it has a field twice")
    return encoded
