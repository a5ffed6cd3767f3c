"""Finds the program's own modules where their names say, already compiled.

Python's own finder lists every folder on the way and tries each ending, which for the small modules of a
hook is a sixth of a start of Python. What is compiled is taken by the same rule as there: its source still
has the time and the size that it was made from. All else is left to Python, which compiles it.
"""

from __future__ import annotations

import marshal
import os
import sys

# By their frozen names: importlib.machinery is another file to read.
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

# More makes the memory be asked of the system for each module, which takes longer than all else here.
_LIMIT = 64 * 1024
_MOST = 0xFFFFFFFF


class OwnModules:
    """For ``sys.meta_path``, of a Python that was told where to keep what it compiles."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _target: object = None) -> ModuleSpec | None:
        if not name.startswith("batch_implement.") or path is None:
            return None
        place = f"{path[0]}/{name.rpartition('.')[2]}"
        for source, within in ((f"{place}.py", None), (f"{place}/__init__.py", [place])):
            kept = f"{sys.pycache_prefix}{source[:-2]}{sys.implementation.cache_tag}.pyc"
            if code := _compiled(source, kept):
                spec = ModuleSpec(name, _Loader(name, source, code), origin=source)
                spec.submodule_search_locations, spec.cached, spec.has_location = within, kept, True
                return spec
        return None


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, _fullname: str) -> CodeType:
        return self._code


def _compiled(source: str, kept: str) -> CodeType | None:
    """None where there is no such source, or what is kept was not made from it as it stands."""
    try:
        found = os.stat(source)
        descriptor = os.open(kept, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.read(descriptor, _LIMIT)
    finally:
        os.close(descriptor)
    # PEP 552: flags of 0, the source's time and its size, each in four bytes.
    made_of = (0, int(found.st_mtime), found.st_size)
    header = MAGIC_NUMBER + b"".join((number & _MOST).to_bytes(4, "little") for number in made_of)
    if len(data) == _LIMIT or not data.startswith(header):
        return None
    code: CodeType = marshal.loads(memoryview(data)[len(header) :])  # noqa: S302 -- as Python has written it
    return code
