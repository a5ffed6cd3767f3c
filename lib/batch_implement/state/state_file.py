"""The one door through which a batch's state is read and written.

A change is: lock, read, decide, write a temporary file and fsync it, record the transition in the
journal, keep the old state as the last good one, rename, fsync the folder. Whoever is told that a change
is done finds it after ``kill -9`` and after power loss. Readers take no lock: a rename is whole.
"""

from __future__ import annotations

from batch_implement.model.record import to_json
from batch_implement.state import journal, last_good
from batch_implement.state.document import Document
from batch_implement.state.explained import Explained
from batch_implement.state.form import all_fields, batch_of, fields_to_write
from batch_implement.state.held_state import HeldState
from batch_implement.state.home import batch_at_or_above, below_project, past_state_name
from batch_implement.state.journal import Change
from batch_implement.state.last_good import backup_of
from batch_implement.system.files.folder import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Decide
    from batch_implement.system.clock import Clock


class StateFile:
    """A state file below a project; it need not exist yet. ``unversioned``: one of the first version is taken
    too.

    Every call raises :class:`BatchStateError` with a sentence for what the disk refuses, for links and
    special files on the way, and for a state of a later version; :class:`CorruptStateError` for a damaged
    state of which nothing is left; :class:`LockError` when another process does not give the lock back.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, now: Clock | None = None, unversioned: bool = False
    ) -> None:
        self.path = path
        self._unversioned = unversioned
        self._now = now
        self._root, names = below_project(path)
        self._folders, self._name = names[:-1], names[-1]

    def read(self) -> Batch:
        """The batch as it stands, or as it last was where the file is damaged.

        Nothing is written: the next change sets a damaged file aside. Raises :class:`BatchStateError` when
        there is none.
        """
        return batch_of(self.document())

    def document(self) -> Document:
        """The file's fields, for who shows or keeps all of them."""
        with self._explained("read", existing=True), self._folder() as folder:
            return last_good.present(last_good.load(folder, self._name, unversioned=self._unversioned)[0])

    def find(self) -> Batch | None:
        """As :meth:`read`, but None where there is no state."""
        return self.read() if self.exists() else None

    def exists(self) -> bool:
        with self._explained("look at"):
            try:
                with self._folder() as folder:
                    return folder.exists(self._name)
            except FileNotFoundError:
                return False

    def create(self, batch: Batch) -> Batch:
        """Write a new state; refused when there is one."""
        with self._explained("create"), self._folder(create=True) as folder, self._lock(folder) as held:
            held.refuse_existing()
            held.sweep()
            created = Change(journal.CREATED, all_fields(batch))
            return batch_of(held.begin(Document({}), created))

    def save(self, fields: JsonMapping) -> Document:
        """Make ``fields`` the whole state, whatever was there; another batch's goes to the past ones.

        They are as the file has them, and checked by who calls.
        """
        with self._explained("write"), self._folder(create=True) as folder, self._lock(folder) as held:
            held.sweep()
            old = held.replaced()
            if old is not None and old["batch_id"] == fields["batch_id"]:
                changes = {name: value for name, value in fields.items() if old.get(name, self) != value}
                return held.write(old, Change("saved", changes))
            if old is not None:
                held.keep_as_past(old)
            return held.begin(Document({}), Change(journal.CREATED, fields))

    def update(self, decide: Decide) -> Batch:
        """Apply the transition that ``decide`` makes of the batch under the lock; returns the new batch."""
        with self._explained("change", existing=True), self._folder() as folder, self._lock(folder) as held:
            held.sweep()
            document = held.load()
            batch = batch_of(document)
            transition = decide(batch)
            if transition.after is None:
                return batch
            change = Change(
                transition.event, fields_to_write(batch, transition.after), to_json(transition.details)
            )
            return batch_of(held.write(document, change))

    def archive(self) -> None:
        """Move the state to the folder of past batches, so that no batch is at work any more.

        A crash on the way leaves the batch at work.
        """
        with self._explained("archive", existing=True), self._folder() as folder, self._lock(folder) as held:
            held.sweep()
            held.keep_as_past(held.load())
            held.remove()

    def remove(self) -> None:
        """Remove the state and its last good copy; missing is fine."""
        with self._explained("remove"):
            try:
                folder = self._folder()
            except FileNotFoundError:
                return
            with folder:
                names = (self._name, backup_of(self._name))
                if not any(folder.exists(name) for name in names):
                    return
                folder.refuse_special(self._name, twin=backup_of(self._name))
                with self._lock(folder) as held:
                    held.remove()

    def restore(self, batch_id: str) -> Batch:
        """Make a past batch the one at work again; refused when there is one."""
        from batch_implement.state import past_batches  # noqa: PLC0415 -- a hook's time, and seldom

        with self._explained("restore"), self._folder(create=True) as folder, self._lock(folder) as held:
            held.refuse_existing()
            held.sweep()
            with folder.inner(journal.FOLDER, create=True) as past:
                document = past_batches.read(past, batch_id)
                restored = held.begin(document, Change("restored", {}))
                past.discard(past_state_name(batch_id))
            return batch_of(restored)

    def history(self) -> list[JsonObject]:
        """What happened to this batch, as the journal has it: one record a transition, in order."""
        document = self.document()
        with self._explained("read the journal of"), self._folder() as folder:
            try:
                with folder.inner(journal.FOLDER) as past:
                    records = journal.read(past, document["batch_id"])
            except FileNotFoundError:
                return []
        return [record for record in records if record["sequence"] <= document["sequence"]]

    def _folder(self, *, create: bool = False) -> Folder:
        return Folder.open(self._root, *self._folders, create=create)

    def _lock(self, folder: Folder) -> HeldState:
        return HeldState(folder, self._name, self.path, self._now, unversioned=self._unversioned)

    def _explained(self, doing: str, *, existing: bool = False) -> Explained:
        return Explained(self.path, doing, self._missing if existing else None)

    def _missing(self) -> str:
        around = batch_at_or_above(self._root)
        hint = f" A batch is at work in {around}: cd there to go on with it." if around else ""
        return f"There is no batch state at {self.path}. Start a batch first.{hint}"
