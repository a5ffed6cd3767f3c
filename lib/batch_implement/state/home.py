"""The home of a batch: the folder whose ``.claude`` holds its state, and the names of all that lies there.

Where the home is found from is in :mod:`batch_implement.state.find_home`. Hooks load this module with every
event, so its paths are plain texts.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ".claude"
STATE = "batch_state.json"
HOOK_LOG = "hook-errors.log"
# Below the home, a name a folder: the past batches with their journals and reports, and the audit of retries.
BATCHES = (FOLDER, "batches")
AUDIT = (FOLDER, "audit")
# The state's path below its home, as people are shown it.
STATE_PATH = f"{FOLDER}/{STATE}"
_RETRY = "batch_{}_retry"


def state_file(home: str | os.PathLike[str]) -> str:
    return os.path.join(home, FOLDER, STATE)


def has_batch(home: str) -> bool:
    """Whether a batch is at work there. A link that leads nowhere is none."""
    return os.path.exists(state_file(home))


def journal_name(batch_id: str) -> str:
    return f"{batch_id}.jsonl"


def past_state_name(batch_id: str) -> str:
    return f"{batch_id}.json"


def report_name(batch_id: str) -> str:
    return f"{batch_id}.md"


def report_path(batch_id: str) -> str:
    """Below the home, as people are shown it."""
    return "/".join((*BATCHES, report_name(batch_id)))


def review_name(number: int) -> str:
    """What a reviewer of feature ``number`` (from 1) is to read."""
    return f"review-{number}.diff"


def review_path(number: int) -> str:
    return "/".join((*BATCHES, review_name(number)))


def retry_state_name(batch_id: str) -> str:
    """In ``.claude`` itself, as its lock."""
    return f"{_RETRY.format(batch_id)}_state.json"


def retry_lock_name(batch_id: str) -> str:
    return f"{_RETRY.format(batch_id)}.lock"


def audit_name(batch_id: str) -> str:
    return f"{batch_id}_retry_audit.jsonl"


def ignored() -> tuple[str, ...]:
    """Patterns for git's exclude file that fit all of a batch's files, and nothing else of ``.claude``."""
    return (
        f"/{STATE_PATH}*",
        *(f"/{'/'.join(folders)}/" for folders in (BATCHES, AUDIT)),
        f"/{FOLDER}/{_RETRY.format('*')}*",
    )


def is_batch_file(path: str) -> bool:
    """Whether a path below the home is one of a batch's files, whatever batch it was."""
    folder, _, name = path.rpartition("/")
    if folder == FOLDER:
        begin, end = _RETRY.split("{}")
        return name.startswith(STATE) or (name.startswith(begin) and end in name[len(begin) + 1 :])
    return path.startswith(tuple(f"{'/'.join(folders)}/" for folders in (BATCHES, AUDIT)))


def root_of(folder: str) -> str:
    """The nearest folder at or above with a ``.git``; without one, the nearest with a ``.claude``.

    ``""`` without either. So a package of a monorepo with a ``.claude`` of its own is a part of its project.
    The path is taken as it is written: no link is followed here.
    """
    return checkout_of(folder) or next(filter(_is_marked, _at_or_above(folder)), "")


def checkout_of(folder: str) -> str:
    """The top of the checkout that the folder is in, ``""`` outside of any."""
    return next((at for at in _at_or_above(folder) if os.path.exists(os.path.join(at, ".git"))), "")


def batch_at_or_above(folder: str) -> str:
    """The nearest folder with a batch at work, whatever checkout it is in; ``""`` for none."""
    return next(filter(has_batch, _at_or_above(folder)), "")


def _at_or_above(folder: str) -> Iterator[str]:
    yield folder
    while folder != (folder := os.path.dirname(folder)):
        yield folder


def _is_marked(folder: str) -> bool:
    """Whether its ``.claude`` makes it a project; the one in the user's home folder is Claude Code's own."""
    if not os.path.exists(os.path.join(folder, FOLDER)):
        return False
    try:
        return has_batch(folder) or not os.path.samefile(folder, os.path.expanduser("~"))
    except OSError:  # there is no such home folder
        return True
