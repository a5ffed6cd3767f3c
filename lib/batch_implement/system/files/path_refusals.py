"""What is said of a file or folder that is not what it has to be."""

from __future__ import annotations

from batch_implement.errors import PathError


def link(path: str) -> PathError:
    return PathError(
        f"{path} is a symlink, and links are not followed here. Put the real file or folder there."
    )


def special(path: str) -> PathError:
    """A folder, a FIFO, a device or a socket."""
    return PathError(f"{path} is not a regular file. Move it away.")


def hard_links(path: str, count: int) -> PathError:
    return PathError(
        f"{path} has {count} hard links, so a write could change another file. Replace it by a copy."
    )


def not_a_folder(path: str) -> PathError:
    return PathError(f"{path} is not a folder. Move it away, so that one can be made there.")


def not_a_name(name: str) -> PathError:
    return PathError(f"{name!r} is not the name of a file. Use a name without '/' and '..'.")


def too_large(path: str, size: int, limit: int) -> PathError:
    return PathError(f"{path} is {size:,} bytes; more than {limit:,} is not read.")
