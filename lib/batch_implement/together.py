"""Loads the modules that a hook always needs from one file: to find each costs more than to run it.

The file is made by the first start of its kind, of what Python has compiled, and again when a source has
another time or size than it was made from. Where it can't be kept, everything is loaded as ever.
"""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    Row = tuple[str, str, tuple[int, int], CodeType]
    """A module's name, its source, that one's time and size, and what Python has compiled."""

_PACKAGE = "batch_implement"
_INIT = "/__init__.py"


def load_together(kind: str, modules: Sequence[str]) -> None:
    """Load modules of the package, named without it, and all that these load.

    Whatever goes wrong is left to who needs the module that is missing then.
    """
    place = f"{sys.pycache_prefix}{__file__.rpartition('/')[0]}"
    kept = f"{place}/{kind}.{sys.implementation.cache_tag}.modules"
    try:
        rows = _kept(kept)
        if rows is None:
            _keep(kept, _loaded(modules))
        for name, source, _, code in rows or ():
            _run(name, source, code)
    except Exception:  # noqa: BLE001 -- it is met again where a hook can say so
        return


def _kept(path: str) -> list[Row] | None:
    """None where there is nothing, or not what the sources are now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            data = os.read(descriptor, os.fstat(descriptor).st_size)
        finally:
            os.close(descriptor)
        if not data.startswith(MAGIC_NUMBER):
            return None
        rows: list[Row] = marshal.loads(memoryview(data)[len(MAGIC_NUMBER) :])  # noqa: S302 -- our own
        return rows if all(_stamp(source) == stamp for _, source, stamp, _ in rows) else None
    except (OSError, EOFError, ValueError, TypeError):
        return None


def _run(name: str, source: str, code: CodeType) -> None:
    if name in sys.modules:
        return
    module = type(sys)(name)
    is_package = source.endswith(_INIT)
    module.__spec__ = ModuleSpec(name, None, origin=source, is_package=is_package)
    module.__file__ = source
    module.__package__ = name if is_package else name.rpartition(".")[0]
    if is_package:
        module.__path__ = module.__spec__.submodule_search_locations = [source.removesuffix(_INIT)]
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)  # noqa: S102 -- what the import of the module would run
    except BaseException:
        del sys.modules[name]
        raise
    outer, _, own = name.rpartition(".")
    setattr(sys.modules[outer], own, module)


def _loaded(modules: Sequence[str]) -> list[Row]:
    """Load them as ever; each comes after what it needs."""
    rows: list[Row] = []
    run = SourceFileLoader.exec_module

    def run_and_note(loader: SourceFileLoader, module: ModuleType) -> None:
        stamp = _stamp(loader.path)
        run(loader, module)
        code = loader.get_code(module.__name__) if module.__name__.startswith(f"{_PACKAGE}.") else None
        if code is not None:
            rows.append((module.__name__, loader.path, stamp, code))

    SourceFileLoader.exec_module = run_and_note  # type: ignore[assignment, method-assign]
    try:
        for name in modules:
            __import__(f"{_PACKAGE}.{name}")
    finally:
        SourceFileLoader.exec_module = run  # type: ignore[method-assign]
    return rows


def _keep(path: str, rows: list[Row]) -> None:
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "wb") as file:
            file.write(MAGIC_NUMBER + marshal.dumps(rows))
        os.replace(temporary, path)
    except OSError:
        return


def _stamp(source: str) -> tuple[int, int]:
    found = os.stat(source)
    return found.st_mtime_ns, found.st_size
