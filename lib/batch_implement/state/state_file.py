"""The one door through which a batch's state is read and written.

A change is: lock, read, decide, write a temporary file and fsync it, record the transition in the
journal, keep the old state as the last good one, rename, fsync the folder. Whoever is told that a change
is done finds it after ``kill -9`` and after power loss. Readers take no lock: a rename is whole.
"""

from __future__ import annotations

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.model.record import to_json
from batch_implement.state import journal, last_good
from batch_implement.state.document import Document
from batch_implement.state.explained import Explained
from batch_implement.state.form import all_fields, batch_of, fields_to_write, is_present
from batch_implement.state.home import batch_at_or_above, below_project, past_state_name
from batch_implement.state.journal import Change
from batch_implement.state.last_good import backup_of
from batch_implement.system import clock
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import READ_LIMIT, Folder, NotDurableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.model.batch import Batch
    from batch_implement.model.transition import Decide
    from batch_implement.system.clock import Clock
    from batch_implement.system.files.file_lock import FileLock

LOCK_TIMEOUT = 30.0


class StateFile:
    """A state file below a project; it need not exist yet.

    Every call raises :class:`BatchStateError` with a sentence for what the disk refuses, for links and
    special files on the way, and for a state of a later version; :class:`CorruptStateError` for a damaged
    state of which nothing is left; :class:`LockError` when another process does not give the lock back.
    """

    def __init__(self, path: str | os.PathLike[str], *, now: Clock | None = None) -> None:
        self.path = path
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
            return last_good.present(last_good.load(folder, self._name)[0])

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
        with self._explained("create"), self._folder(create=True) as folder, self._lock(folder) as lock:
            self._refuse_existing(folder)
            self._sweep(folder, lock)
            created = Change(journal.CREATED, all_fields(batch))
            return batch_of(self._begin(folder, lock, Document({}), created))

    def save(self, fields: JsonMapping) -> Document:
        """Make ``fields`` the whole state, whatever was there; another batch's goes to the past ones.

        They are as the file has them, and checked by who calls.
        """
        with self._explained("write"), self._folder(create=True) as folder, self._lock(folder) as lock:
            self._sweep(folder, lock)
            old = self._replaced(folder, lock)
            if old is not None and old["batch_id"] == fields["batch_id"]:
                changes = {name: value for name, value in fields.items() if old.get(name, self) != value}
                return self._write(folder, lock, old, Change("saved", changes))
            if old is not None:
                self._keep_as_past(folder, old)
            return self._begin(folder, lock, Document({}), Change(journal.CREATED, fields))

    def update(self, decide: Decide) -> Batch:
        """Apply the transition that ``decide`` makes of the batch under the lock; returns the new batch."""
        with self._explained("change", existing=True), self._folder() as folder, self._lock(folder) as lock:
            self._sweep(folder, lock)
            document = self._load(folder, lock)
            batch = batch_of(document)
            transition = decide(batch)
            if transition.after is None:
                return batch
            change = Change(
                transition.event, fields_to_write(batch, transition.after), to_json(transition.details)
            )
            return batch_of(self._write(folder, lock, document, change))

    def archive(self) -> None:
        """Move the state to the folder of past batches, so that no batch is at work any more.

        A crash on the way leaves the batch at work.
        """
        with self._explained("archive", existing=True), self._folder() as folder, self._lock(folder) as lock:
            self._sweep(folder, lock)
            self._keep_as_past(folder, self._load(folder, lock))
            self._remove(folder, lock)

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
                with self._lock(folder) as lock:
                    self._remove(folder, lock)

    def restore(self, batch_id: str) -> Batch:
        """Make a past batch the one at work again; refused when there is one."""
        from batch_implement.state import past_batches  # noqa: PLC0415 -- a hook's time, and seldom

        with self._explained("restore"), self._folder(create=True) as folder, self._lock(folder) as lock:
            self._refuse_existing(folder)
            self._sweep(folder, lock)
            with folder.inner(journal.FOLDER, create=True) as past:
                document = past_batches.read(past, batch_id)
                restored = self._begin(folder, lock, document, Change("restored", {}))
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

    def _begin(self, folder: Folder, lock: FileLock, old: Document, change: Change) -> Document:
        """The first state of a batch, with a copy of its own as the last good one."""
        lock.confirm()
        folder.remove(backup_of(self._name))
        new = self._write(folder, lock, old, change, keep_old=False)
        try:
            folder.write(backup_of(self._name), new.render())
        except BaseException:
            folder.remove(self._name)
            raise
        return new

    def _write(
        self, folder: Folder, lock: FileLock, old: Document, change: Change, *, keep_old: bool = True
    ) -> Document:
        at = self._timestamp()
        sequence = int(old.get("sequence", 0)) + 1
        changes = {**change.changes, "sequence": sequence, "updated_at": at}
        new = old.changed(changes, change.gone)
        parts = new.parts()
        size = sum(map(len, parts))
        if size > READ_LIMIT:
            raise BatchStateError(f"{self.path} would be {size:,} bytes; {READ_LIMIT:,} is the most.")
        recorded = Change(change.event, changes, change.details, change.gone)
        entry = journal.Entry(new["batch_id"], journal.line(recorded, old, sequence, at))

        def before_replace() -> None:
            # First of all: whoever lost the lock must not leave a line in the journal either.
            lock.confirm()
            entry.append(folder)
            if keep_old:
                last_good.keep(folder, self._name, old)

        try:
            folder.write(self._name, *parts, before_replace=before_replace)
        except NotDurableError:
            raise
        except BaseException:
            entry.take_back(folder, journal.line(Change(journal.UNDONE, {}), old, sequence, at))
            raise
        return new

    def _timestamp(self) -> str:
        return clock.timestamp(self._now()) if self._now is not None else clock.current_timestamp()

    def _load(self, folder: Folder, lock: FileLock) -> Document:
        """The state to be changed; one that is damaged, or of an early version, is written anew first."""
        document, damage = last_good.load(folder, self._name)
        if not damage and is_present(document):
            return document
        from batch_implement.state.upgrade import upgrade  # noqa: PLC0415 -- a hook's time, and seldom

        changes, gone = upgrade(document)
        if not damage:
            return self._write(folder, lock, document, Change("upgraded", changes, {}, gone))
        from batch_implement.state.schema import validate  # noqa: PLC0415 -- slow, and seldom

        validate(document.changed(changes, gone), self.path)
        lock.confirm()
        kept = last_good.set_aside(folder, self._name, self._timestamp())
        notice = (
            f"The batch's state was damaged ({damage}) and was made again from its last good copy and the "
            f"journal. The damaged file is kept as {kept}."
        )
        changes["notices"] = [*document.get("notices", ()), notice]
        recovered = Change("recovered", changes, {"damage": damage, "kept": kept}, gone)
        return self._write(folder, lock, document, recovered, keep_old=False)

    def _replaced(self, folder: Folder, lock: FileLock) -> Document | None:
        """What a save replaces; None when there is nothing, or nothing that can be read."""
        folder.refuse_special(self._name, twin=backup_of(self._name))
        if not folder.exists(self._name):
            return None
        try:
            return self._load(folder, lock)
        except CorruptStateError:
            last_good.set_aside(folder, self._name, self._timestamp())
            return None

    def _keep_as_past(self, folder: Folder, document: Document) -> None:
        name = past_state_name(document["batch_id"])
        with folder.inner(journal.FOLDER, create=True) as past:
            for left in [left for left, target in past.leftovers() if target == name]:
                past.remove(left)
            past.write(name, document.render())

    def _remove(self, folder: Folder, lock: FileLock) -> None:
        lock.confirm()
        # The copy first: without its state it would look as if someone had removed that.
        folder.remove(backup_of(self._name))
        folder.remove(self._name)
        folder.sync()

    def _refuse_existing(self, folder: Folder) -> None:
        if folder.exists(self._name):
            raise BatchStateError(f"{self.path} is there already. Finish or cancel that batch first.")

    def _sweep(self, folder: Folder, lock: FileLock) -> None:
        """Remove what killed writers left; under the lock, once it is confirmed, no other is at work."""
        copies = {f"{self._name}{ending}" for ending in ("", ".bak", ".lock")}
        damaged = f"{self._name}.damaged-"
        left = [name for name, target in folder.leftovers() if target in copies or target.startswith(damaged)]
        if left:
            lock.confirm()
        for name in left:
            folder.remove(name)

    def _folder(self, *, create: bool = False) -> Folder:
        return Folder.open(self._root, *self._folders, create=create)

    def _lock(self, folder: Folder) -> FileLock:
        return locked(folder, f"{self._name}.lock", LOCK_TIMEOUT)

    def _explained(self, doing: str, *, existing: bool = False) -> Explained:
        return Explained(self.path, doing, self._missing if existing else None)

    def _missing(self) -> str:
        around = batch_at_or_above(self._root)
        hint = f" A batch is at work in {around}: cd there to go on with it." if around else ""
        return f"There is no batch state at {self.path}. Start a batch first.{hint}"
