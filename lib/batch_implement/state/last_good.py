"""A state file and the last good copy beside it: reading the one, or what the other and the journal give.

The copy is the file itself, as it was before its last change, under a second name. So for an instant the
state has two names in its folder, and that alone is no sign of a link from elsewhere.
"""

from __future__ import annotations

from batch_implement.errors import BatchStateError, CorruptStateError, PathError, UnversionedStateError
from batch_implement.state import journal
from batch_implement.state.document import Document
from batch_implement.state.form import is_present
from batch_implement.system.files.folder import READ_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.system.files.folder import Folder

_TRIES = 3
_MAY_BE_LOST = "the journal can't be read, so its last change may be lost"


def backup_of(name: str) -> str:
    return f"{name}.bak"


def present(document: Document) -> Document:
    """The document in the form of this version; one of an early version is looked at field by field."""
    if is_present(document):
        return document
    from batch_implement.state.upgrade import upgraded  # noqa: PLC0415 -- a hook's time, and seldom

    return upgraded(document)


def load(folder: Folder, name: str, *, unversioned: bool = False) -> tuple[Document, str]:
    """The state as it was written, and what is wrong with its file when it had to be made again, else ``""``.

    ``unversioned``: a file of the first version is taken as it is. Raises :class:`FileNotFoundError` when
    there is none, :class:`BatchStateError` when it was removed by someone else or is of a later version,
    :class:`CorruptStateError` when it is damaged and there is no earlier one.
    """
    path = f"{folder.path}/{name}"
    reason, may_be_early = "", False
    for _ in range(_TRIES):  # a reader takes no lock: meanwhile a writer may have mended it
        try:
            document = Document.parse(_read(folder, name), unversioned=unversioned)
            present(document)  # an early version's fields are looked at here
            return document, ""
        except CorruptStateError as error:
            reason, may_be_early = str(error), isinstance(error, UnversionedStateError)
        except BatchStateError as error:
            raise BatchStateError(f"{path} can't be used: {error}.") from error
        except FileNotFoundError:
            _refuse_removed(folder, name, path)
            raise
        found, complete = last_good(folder, name)
        if found is not None:
            return found, reason if complete else f"{reason}; {_MAY_BE_LOST}"
        found = _from_a_journal(folder)
        if found is not None:
            return found, f"{reason}; so was its last good copy"
    if may_be_early:
        raise UnversionedStateError(
            f"{path} can't be used: {reason}. A batch of the first version goes on after a person has called "
            "batch-implement resume --migrate; move any other file away."
        )
    raise CorruptStateError(
        f"{path} is damaged ({reason}), and nothing is left to make it again from. What was committed is "
        f"in git. Move the file away, and start a batch with what is left."
    )


def last_good(folder: Folder, name: str) -> tuple[Document | None, bool]:
    """The state before its last change with what the journal has after it, and whether that could be read.

    None when there is no earlier state or it is damaged too. An error that may pass (too many open files,
    a disk that is asleep) is raised: going on without the journal would lose the last change for good.
    """
    try:
        document = Document.parse(folder.read(backup_of(name), twin=name))
        present(document)
    except (FileNotFoundError, BatchStateError, PathError):
        return None, False
    try:
        with folder.inner(journal.FOLDER) as past:
            records = journal.read(past, document["batch_id"])
    except (FileNotFoundError, CorruptStateError, PathError):
        return document, False
    return journal.replay(document, records), True


def _from_a_journal(folder: Folder) -> Document | None:
    """The state that a journal gives from its beginning, where both files are damaged."""
    from batch_implement.state import past_batches  # noqa: PLC0415 -- a hook's time, and seldom

    try:
        with folder.inner(journal.FOLDER) as past:
            return past_batches.unfinished(past)
    except (FileNotFoundError, PathError):
        return None


def keep(folder: Folder, name: str, state: Document) -> None:
    """Make ``state``, which is what the file holds, the last good one."""
    folder.remove(backup_of(name))
    try:
        folder.link(name, backup_of(name))
    except OSError:  # a file system without hard links, or one file too many of them
        folder.write(backup_of(name), state.render())


def set_aside(folder: Folder, name: str, at: str) -> str:
    """Keep a copy of a damaged file; returns its name, in which ``at`` is without its punctuation."""
    kept = f"{name}.damaged-{''.join(filter(str.isalnum, at))}"
    if folder.size(name) > READ_LIMIT:
        folder.rename(name, kept)
    else:
        folder.write(kept, folder.read(name, twin=backup_of(name)))
    return kept


def notice(damage: str, kept: str) -> str:
    """What the report says of it."""
    return (
        f"The batch's state was damaged ({damage}) and was made again from its last good copy and the "
        f"journal. The damaged file is kept as {kept}."
    )


def _refuse_removed(folder: Folder, name: str, path: str) -> None:
    document, _ = last_good(folder, name)
    if document is not None:
        raise BatchStateError(
            f"There is no batch state at {path}: it was removed while the batch was at work. Resume it by "
            f"its id to have it made again: batch-implement resume {document['batch_id']}"
        )


def _read(folder: Folder, name: str) -> bytes:
    try:
        return folder.read(name, twin=backup_of(name))
    except PathError:
        size = folder.size(name)
        if size > READ_LIMIT:
            raise CorruptStateError(f"it has {size:,} bytes") from None
        raise
