"""Values with declared fields, made of JSON when they are looked at.

A record is declared like a dataclass, and a type checker takes it for one: a misspelt field, a wrong type,
a change of a frozen value are errors before anything runs. At run time it is lighter, because importing
:mod:`dataclasses` takes longer than starting Python does, in every hook of every session; and a field is
decoded when it is first asked for, because a batch of a thousand features is read for one of them.

One declaration serves all: the annotations decide what is read from JSON and make the schema, the values
behind them are the defaults, and the texts below them are the documentation (:mod:`batch_implement.state`).
Annotations are of a small language: names (of records, of :mod:`batch_implement.model.kinds`, ``int``, …),
``tuple[X, ...]``, ``Mapping[K, X]`` and ``X | None``.
"""

from __future__ import annotations

import sys

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.model.kinds import IN_JSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass as record
    from dataclasses import replace
    from typing import Any, TypeVar

    from batch_implement.json_types import JsonMapping

    T = TypeVar("T")

    Decode = Callable[[Any], Any]

__all__ = ["record", "replace"]  # for a type checker they are imported

_OPTIONAL = "|None"
_LIST = ",...]"


if not TYPE_CHECKING:

    def record(*, frozen, kw_only):
        """Make a record of a class; the arguments are those that a type checker has to be told."""
        return _made if frozen and kw_only else None

    def replace(value, /, **changes):
        """The record with other values in some fields."""
        new = _blank(type(value), value._source)
        new.__dict__.update(value.__dict__)
        _set(new, changes)
        return new


def from_json(kind: type[T], source: JsonMapping) -> T:
    """The record that a JSON object holds; fields that it lacks have their defaults.

    What is wrong in it is found when it is looked at: :class:`CorruptStateError` names the field.
    """
    new: T = _blank(kind, source)
    return new


def to_json(value: Any) -> Any:
    """A value as JSON has it. A record's fields that have their defaults are left out, those of its source
    that it does not know are kept."""
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, (tuple, list)):
        return [to_json(one) for one in value]
    if not is_record(type(value)):
        return {str(key): to_json(one) for key, one in value.items()}
    fields = dict(value._source)
    for name in fields_of(type(value)):
        if name not in value._changed:
            continue
        if getattr(value, name) == defaults_of(type(value)).get(name, value):
            fields.pop(name, None)
        else:
            fields[name] = to_json(getattr(value, name))
    return fields


def changed_fields(value: object) -> frozenset[str]:
    """The fields that were given, or replaced, since the record was read."""
    found: frozenset[str] = value._changed  # type: ignore[attr-defined]
    return found


def length_of(value: object, name: str) -> int:
    """How many items a field has; one that was not looked at stays so, where its source can tell."""
    source = value._source  # type: ignore[attr-defined]
    if name not in value.__dict__ and hasattr(source, "length_of"):
        return int(source.length_of(name))
    return len(getattr(value, name))


def fields_of(kind: type) -> Mapping[str, str]:
    """The annotation of each field, in the order of their declaration."""
    found: Mapping[str, str] = kind._fields  # type: ignore[attr-defined]
    return found


def defaults_of(kind: type) -> JsonMapping:
    """The default of each field that has one."""
    found: JsonMapping = kind._defaults  # type: ignore[attr-defined]
    return found


def record_named(name: str, names: JsonMapping) -> Any:
    """The record that an annotation names in a module whose names are given; None for what is no record.

    A module may say in ``DECLARED_IN`` where another one declares it: that one is loaded when such a field
    is decoded, because a hook looks at few of them and each module is a file to read.
    """
    where = names.get("DECLARED_IN", {}).get(name)
    if where is None:
        return names.get(name)
    try:
        __import__(where)
    except ImportError as error:
        raise BatchStateError(
            f"A part of batch-implement could not be loaded ({error}). Look at its installation, and at how "
            "many files this process may open (ulimit -n)."
        ) from error
    return sys.modules[where].__dict__[name]


def is_record(kind: object) -> bool:
    return isinstance(kind, type) and "_fields" in kind.__dict__


class _Record:
    """What every record is given; ``_source`` is the JSON object it was read from."""

    _fields: Mapping[str, str] = {}
    _defaults: Mapping[str, Any] = {}
    _source: JsonMapping
    _changed: frozenset[str]

    def __init__(self, **values: Any) -> None:
        missing = self._fields.keys() - self._defaults.keys() - values.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} lacks {', '.join(sorted(missing))}")
        self.__dict__.update(_source={}, _changed=frozenset())
        _set(self, values)

    def __getattr__(self, name: str) -> Any:
        """A field that has not been looked at yet."""
        if name not in self._fields:
            raise AttributeError(f"{type(self).__name__} has no field {name}")
        if name in self._source:
            self.__dict__[name] = _decoded(type(self), name, self._source)
        elif name in self._defaults:
            self.__dict__[name] = self._defaults[name]
        else:
            raise CorruptStateError(f"its field {name} is missing")
        return self.__dict__[name]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} can't be set: use replace()")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    __hash__ = None  # type: ignore[assignment]  # its fields may be mappings

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({', '.join(shown)})"


_OF_EVERY_RECORD = ("__init__", "__getattr__", "__setattr__", "__eq__", "__hash__", "__repr__")


def _made(declared: type) -> type:
    # The class itself is given what every record can do: making another costs each start of a hook.
    fields = declared.__annotations__
    defaults = {name: declared.__dict__[name] for name in fields if name in declared.__dict__}
    for name in defaults:
        delattr(declared, name)
    for name in _OF_EVERY_RECORD:
        setattr(declared, name, _Record.__dict__[name])
    declared._fields, declared._defaults = fields, defaults  # type: ignore[attr-defined]
    return declared


def _blank(kind: type, source: JsonMapping) -> Any:
    new: Any = object.__new__(kind)
    new.__dict__.update(_source=source, _changed=frozenset())
    return new


def _set(new: Any, values: JsonMapping) -> None:
    unknown = values.keys() - new._fields.keys()
    if unknown:
        raise TypeError(f"{type(new).__name__} has no field {', '.join(sorted(unknown))}")
    new.__dict__.update(values, _changed=new._changed | values.keys())


_DECODERS: dict[tuple[str, str], Decode] = {}


def _decoded(kind: type, name: str, source: JsonMapping) -> Any:
    annotation = fields_of(kind)[name]
    key = (kind.__module__, annotation)
    if key not in _DECODERS:
        _DECODERS[key] = _decoder(annotation.replace(" ", ""), sys.modules[kind.__module__].__dict__)
    decode, value = _DECODERS[key], source[name]
    try:
        return decode(value)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise CorruptStateError(f"its field {name} is not {annotation}") from error


def _decoder(annotation: str, names: JsonMapping) -> Decode:
    if annotation.endswith(_OPTIONAL):
        inner = _decoder(annotation.removesuffix(_OPTIONAL), names)
        return lambda value: None if value is None else inner(value)
    if annotation.startswith("tuple["):
        items = _items_decoder(annotation[len("tuple[") :].removesuffix(_LIST), names)
        return lambda value: tuple(items(_right(value, isinstance(value, (list, tuple)))))
    if annotation.startswith("Mapping["):
        key, _, of = annotation[len("Mapping[") : -1].partition(",")
        kind_of_key, values = str if key == "str" else int, _items_decoder(of, names)
        return lambda value: dict(zip(map(kind_of_key, value), values(value.values()), strict=True))
    if annotation in IN_JSON:
        return lambda value: _right(value, type(value) in IN_JSON[annotation])
    kind = record_named(annotation, names)
    if not is_record(kind):
        return lambda value: value
    return lambda value: _blank(kind, _right(value, hasattr(value, "keys")))


def _items_decoder(annotation: str, names: JsonMapping) -> Decode:
    """A thousand plain items are looked at in one step."""
    if types := IN_JSON.get(annotation):
        return lambda values: _right(values, types.issuperset(map(type, values)))
    inner = _decoder(annotation, names)
    return lambda values: [inner(one) for one in values]


def _right(value: Any, is_right: bool) -> Any:
    if not is_right:
        raise TypeError
    return value
