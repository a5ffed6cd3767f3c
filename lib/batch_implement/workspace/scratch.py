"""A workspace beside the project: a commit's files with some changes laid over, for one run of a check.

It lies in a temporary folder, with a repository of its own that borrows the project's objects, so that
nothing is written into the user's and nothing can be pushed from it. Who was killed leaves one; the next
that makes one removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.errors import PathError
from batch_implement.system.git.git import Git
from batch_implement.system.git.path_lists import join_paths
from batch_implement.system.process import identity
from batch_implement.workspace.index import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OWNER = ".owner"
_MOMENT = 60.0
# What was compiled for a project is used again, until nobody has for this many seconds.
_BUILT = "built-"
_BUILT_KEPT = 3 * 24 * 3600.0
# What the repository says of itself on how files are written, and who commits.
_TAKEN_OVER = (
    r"^(core\.(autocrlf|eol|safecrlf|filemode|symlinks|ignorecase)|filter\..*|user\.(name|email)"
    r"|commit\.gpgsign)$"
)


@dataclass(frozen=True)
class Layer:
    """What is laid over a commit's files: ``working`` as they stand in the project's working tree
    (nothing, where nothing stands there), ``gone`` removed, ``texts`` as they are given. Later ones win."""

    working: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.working, *self.gone, *(path for path, _ in self.texts))))


@dataclass(frozen=True)
class Scratch:
    """``git`` works in it; ``project`` is the top of the working tree that it was made from."""

    git: Git
    project: Path

    @property
    def root(self) -> Path:
        return self.git.root

    def lay(self, layer: Layer) -> None:
        """Raises :class:`PathError` for a path that a link leads out of the workspace."""
        for path in (
            *layer.gone,
            *(path for path in layer.working if not os.path.lexists(self.project / path)),
        ):
            _remove(self._place(path))
        for path in layer.working:
            if os.path.lexists(self.project / path):
                _copy(self.project / path, self._emptied(path))
        for path, text in layer.texts:
            before = self._place(path)
            executable = os.access(self.project / path, os.X_OK) or os.access(before, os.X_OK)
            place = self._emptied(path)
            place.write_bytes(text)
            place.chmod(0o755 if executable else 0o644)

    def tree(self, layer: Layer) -> str:
        """The id of the tree that it has with the layer, which has been laid over."""
        update = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
        if layer.paths:
            self.git.run(*update, stdin=join_paths(layer.paths), settings=WHOLE)
        return self.git.run("write-tree", settings=WHOLE).text.strip()

    def _place(self, path: str) -> Path:
        """Where a path stands here; links among its folders that a layer brought may not lead elsewhere."""
        place = self.root / path
        if not place.parent.resolve().is_relative_to(self.root.resolve()):
            raise PathError(f"{path} leads out of the scratch workspace by a link.")
        return place

    def _emptied(self, path: str) -> Path:
        """The place of a file, with nothing there and folders above it; a file that is in their way goes."""
        place = self._place(path)
        for folder in reversed(place.relative_to(self.root).parents[:-1]):
            above = self.root / folder
            if above.is_symlink() or (above.exists() and not above.is_dir()):
                above.unlink()
        place.parent.mkdir(parents=True, exist_ok=True)
        _remove(place)
        return place


@contextlib.contextmanager
def scratch_workspace(git: Git, commit: str) -> Iterator[Scratch]:
    """A workspace with the files of a commit (``""``: none); it is gone after the ``with`` statement."""
    with scratch_folder() as folder:
        root = folder / git.root.name
        _borrow(git, root, commit)
        inner = Git(root)
        if commit:
            inner.run("read-tree", commit, settings=WHOLE)
            inner.run("checkout-index", "--all", "--quiet", timeout=600)
        yield Scratch(inner, git.root)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of ours outside of every project; those of processes that were killed are removed
    first."""
    home = _home()
    sweep(home)
    folder = Path(tempfile.mkdtemp(dir=home, prefix="s"))
    # From here on a kill leaves a folder without an owner, or one whose owner is dead: both are swept.
    owner = folder.with_name(folder.name + _OWNER)
    owner.write_text(identity.identity(os.getpid()), encoding="utf-8")
    try:
        yield folder
    finally:
        _remove(folder)
        owner.unlink(missing_ok=True)


def sweep(home: Path | None = None) -> None:
    """Remove what processes left that are not there any more."""
    home = home or _home()
    for path in sorted(home.iterdir()):
        if path.name.startswith(_BUILT):
            if time.time() - path.stat().st_mtime > _BUILT_KEPT:
                _remove(path)
            continue
        owner = path if path.name.endswith(_OWNER) else path.with_name(path.name + _OWNER)
        if not _is_owned(owner, path):
            _remove(path.with_name(owner.name.removesuffix(_OWNER)))
            owner.unlink(missing_ok=True)


def _is_owned(owner: Path, path: Path) -> bool:
    try:
        return identity.live_process(owner.read_text("utf-8")) > 0
    except FileNotFoundError:
        # Between making the folder and saying whose it is there is a moment.
        try:
            return time.time() - path.lstat().st_mtime < _MOMENT
        except FileNotFoundError:
            return True


def built_folder(project: Path) -> Path:
    """Where what is compiled for a project's second runs lies, for the next ones."""
    folder = _home() / f"{_BUILT}{zlib.crc32(os.fsencode(project)):08x}"
    folder.mkdir(exist_ok=True)
    os.utime(folder)
    return folder


def _home() -> Path:
    """Raises :class:`PathError` where somebody else has made the folder of that name."""
    home = Path(tempfile.gettempdir()).resolve() / f"batch-implement-scratch-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PathError(f"{home} is not a folder of this user's alone. Remove it.")
    return home


def _borrow(git: Git, root: Path, commit: str) -> None:
    """A repository without remotes that has the objects, tags and branches of another."""
    root.mkdir()
    git.run("init", "--quiet", "--template=", str(root))
    inside = root / ".git"
    (inside / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (inside / "objects" / "info" / "alternates").write_bytes(os.fsencode(git.places.objects) + b"\n")
    (inside / "info").mkdir(exist_ok=True)
    for name in ("info/exclude", "info/attributes", "shallow"):
        if (git.places.common / name).is_file():
            shutil.copyfile(git.places.common / name, inside / name)
    branch = git.branch()
    own = f"refs/heads/{branch}" if branch else ""
    refs = [line for line in git.text("show-ref", ok=None).splitlines() if line.split(" ", 1)[1] != own]
    if commit and own:
        refs.append(f"{commit} {own}")
    refs.sort(key=lambda line: os.fsencode(line.split(" ", 1)[1]))
    (inside / "packed-refs").write_bytes(b"".join(os.fsencode(line) + b"\n" for line in refs))
    (inside / "HEAD").write_bytes(os.fsencode(f"ref: {own}\n" if own else f"{commit}\n"))
    for entry in git.run("config", "--local", "-z", "--get-regexp", _TAKEN_OVER, ok=(0, 1)).stdout.split(
        b"\0"
    ):
        name, _, value = os.fsdecode(entry).partition("\n")
        if name:
            Git(root).run("config", "--local", "--add", name, value)


def _copy(source: Path, place: Path) -> None:
    """A file, or a link as it is; a folder (a repository of its own) is led to."""
    if source.is_symlink():
        place.symlink_to(source.readlink())
    elif source.is_dir():
        place.symlink_to(source)
    else:
        shutil.copy2(source, place)


def _remove(path: Path) -> None:
    """Whatever is there, read-only folders too; links are not followed."""
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return

    def make_writable(remove: Callable[..., object], name: str, _: object) -> None:
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(name), 0o700)  # noqa: PTH101, PTH120 -- names as rmtree gives them
            os.chmod(name, 0o700)  # noqa: PTH101
            remove(name)

    shutil.rmtree(path, onerror=make_writable)
