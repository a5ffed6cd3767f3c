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
from batch_implement.system.files.temporary_folder import temporary_folder
from batch_implement.system.git.git import Git
from batch_implement.system.git.path_lists import join_paths
from batch_implement.workspace.index import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

# What was compiled for a project is used again, until nobody has for this many seconds.
_BUILT = "batch-implement-built-"
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
    with temporary_folder(git.root) as folder:
        root = folder / git.root.name
        _borrow(git, root, commit)
        inner = Git(root)
        if commit:
            inner.run("read-tree", commit, settings=WHOLE)
            inner.run("checkout-index", "--all", "--quiet", timeout=600)
        yield Scratch(inner, git.root)


def built_folder(project: Path) -> Path:
    """Where what is compiled for a project's second runs lies, for the next ones.

    Raises :class:`PathError` where somebody else has made the folder of that name.
    """
    place = Path(tempfile.gettempdir()).resolve()
    for path in place.glob(f"{_BUILT}*"):
        found = path.lstat()
        if found.st_uid == os.getuid() and time.time() - found.st_mtime > _BUILT_KEPT:
            shutil.rmtree(path, ignore_errors=True)
    folder = place / f"{_BUILT}{os.getuid()}-{zlib.crc32(os.fsencode(project)):08x}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PathError(f"{folder} is not a folder of this user's alone. Remove it.")
    os.utime(folder)
    return folder


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
    """Whatever is there; links are not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
