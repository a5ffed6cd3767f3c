"""The batches that ended: one state file and one journal each in ``.claude/batches``."""

from __future__ import annotations

import os

from batch_implement.errors import BatchStateError, CorruptStateError, PathError
from batch_implement.model.batch_id import is_batch_id
from batch_implement.state import journal
from batch_implement.state.document import Document
from batch_implement.state.explained import Explained
from batch_implement.state.form import batch_of
from batch_implement.state.home import BATCHES, journal_name, past_state_name
from batch_implement.state.upgrade import upgraded
from batch_implement.system.files.folder import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.json_types import JsonObject
    from batch_implement.model.batch import Batch

_ENDING, _JOURNAL_ENDING = past_state_name(""), journal_name("")


def past_batches(root: str | os.PathLike[str]) -> list[Batch]:
    """The states of a project's past batches, the oldest first; one that can't be read is left out."""
    path = os.path.join(root, *BATCHES)
    with Explained(path, "read"):
        try:
            folder = Folder.open(root, *BATCHES)
        except FileNotFoundError:
            return []
        with folder:
            ids = [name.removesuffix(_ENDING) for name in folder.names() if name.endswith(_ENDING)]
            found = [document for document in (_readable(folder, batch_id) for batch_id in ids) if document]
    return sorted(map(batch_of, found), key=lambda batch: (batch.created_at, batch.batch_id))


def past_history(root: str | os.PathLike[str], batch_id: str) -> list[JsonObject]:
    """What happened to a past batch, as its journal has it; empty where there is none."""
    with Explained(os.path.join(root, *BATCHES), "read"), Folder.open(root, *BATCHES) as folder:
        try:
            return journal.read(folder, batch_id)
        except FileNotFoundError:
            return []


def read(folder: Folder, batch_id: str) -> Document:
    """A past batch's state, or what its journal gives where there is none or it is damaged.

    ``folder`` is that of the past batches. Raises :class:`BatchStateError` for a batch it knows nothing of.
    """
    if not is_batch_id(batch_id):
        raise BatchStateError(f"{batch_id[:100]!r} is not a batch id. The past batches: status --all")
    document = _readable(folder, batch_id) or _replayed(folder, batch_id)
    if document is None:
        raise BatchStateError(
            f"There is no batch {batch_id} in {folder.path}. The past batches: status --all"
        )
    return document


def keep(folder: Folder, document: Document) -> None:
    """Have a batch among the past ones; what a killed writer left of that is removed."""
    name = past_state_name(document["batch_id"])
    for left in [left for left, target in folder.leftovers() if target == name]:
        folder.remove(left)
    folder.write(name, document.render())


def _readable(folder: Folder, batch_id: str) -> Document | None:
    try:
        return upgraded(Document.parse(folder.read(past_state_name(batch_id))))
    except (FileNotFoundError, PathError, BatchStateError):
        return None


def unfinished(folder: Folder) -> Document | None:
    """The latest batch that has a journal from its beginning and did not end, made again from that."""
    names = folder.names()
    ids = [name.removesuffix(_JOURNAL_ENDING) for name in names if name.endswith(_JOURNAL_ENDING)]
    found = [_replayed(folder, batch_id) for batch_id in ids if past_state_name(batch_id) not in names]
    return max(filter(None, found), key=lambda document: str(document["updated_at"]), default=None)


def _replayed(folder: Folder, batch_id: str) -> Document | None:
    try:
        records = journal.read(folder, batch_id)
    except (FileNotFoundError, PathError, CorruptStateError):
        return None
    if not records or records[0]["event"] != journal.CREATED:
        return None
    return upgraded(journal.replay(Document({}), records))
