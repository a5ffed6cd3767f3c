"""What is done to a state file while its lock is held."""

from __future__ import annotations

from batch_implement.errors import BatchStateError, CorruptStateError
from batch_implement.state import journal, last_good
from batch_implement.state.form import is_present
from batch_implement.state.journal import Change
from batch_implement.state.last_good import backup_of
from batch_implement.system import clock
from batch_implement.system.files.file_lock import locked
from batch_implement.system.files.folder import READ_LIMIT, NotDurableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from types import TracebackType

    from batch_implement.state.document import Document
    from batch_implement.system.clock import Clock
    from batch_implement.system.files.folder import Folder

LOCK_TIMEOUT = 30.0


class HeldState:
    """For a ``with`` statement in which the lock beside the file ``name`` in ``folder`` is held."""

    def __init__(
        self,
        folder: Folder,
        name: str,
        path: str | os.PathLike[str],
        now: Clock | None,
        *,
        unversioned: bool = False,
    ) -> None:
        self.path = path
        self._unversioned = unversioned
        self._folder = folder
        self._name = name
        self._now = now
        self._lock = locked(folder, f"{name}.lock", LOCK_TIMEOUT)

    def __enter__(self) -> HeldState:
        self._lock.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.__exit__(kind, error, trace)

    def refuse_existing(self) -> None:
        """Raise :class:`BatchStateError` where a state is."""
        if self._folder.exists(self._name):
            raise BatchStateError(f"{self.path} is there already. Finish or stop that batch first.")

    def sweep(self) -> None:
        """Remove what killed writers left; under the lock, once it is confirmed, no other is at work."""
        copies = {f"{self._name}{ending}" for ending in ("", ".bak", ".lock")}
        damaged = f"{self._name}.damaged-"
        for name, target in self._folder.leftovers():
            if target in copies or target.startswith(damaged):
                self._lock.confirm()
                self._folder.remove(name)

    def load(self) -> Document:
        """The state to be changed; one that is damaged, or of an early version, is written anew first."""
        document, damage = last_good.load(self._folder, self._name, unversioned=self._unversioned)
        if not damage and is_present(document):
            return document
        from batch_implement.state.upgrade import upgrade  # noqa: PLC0415 -- a hook's time, and seldom

        changes, gone = upgrade(document)
        if not damage:
            return self.write(document, Change("upgraded", changes, {}, gone))
        from batch_implement.state.schema import validate  # noqa: PLC0415 -- slow, and seldom

        validate(document.changed(changes, gone), self.path)
        self._lock.confirm()
        kept = last_good.set_aside(self._folder, self._name, self._timestamp())
        changes["notices"] = [*document.get("notices", ()), last_good.notice(damage, kept)]
        recovered = Change("recovered", changes, {"damage": damage, "kept": kept}, gone)
        return self.write(document, recovered, keep_old=False)

    def replaced(self) -> Document | None:
        """What a save replaces; None when there is nothing, or nothing that can be read."""
        self._folder.refuse_special(self._name, twin=backup_of(self._name))
        if not self._folder.exists(self._name):
            return None
        try:
            return self.load()
        except CorruptStateError:
            last_good.set_aside(self._folder, self._name, self._timestamp())
            return None

    def begin(self, old: Document, change: Change) -> Document:
        """The first state of a batch, with a copy of its own as the last good one."""
        self._lock.confirm()
        self._folder.remove(backup_of(self._name))
        new = self.write(old, change, keep_old=False)
        try:
            self._folder.write(backup_of(self._name), new.render())
        except BaseException:
            self._folder.remove(self._name)
            raise
        return new

    def write(self, old: Document, change: Change, *, keep_old: bool = True) -> Document:
        """Make the change: the journal first, then the old state as the last good one, then the new one."""
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
            self._lock.confirm()
            entry.append(self._folder)
            if keep_old:
                last_good.keep(self._folder, self._name, old)

        try:
            self._folder.write(self._name, *parts, before_replace=before_replace)
        except NotDurableError:
            raise
        except BaseException:
            entry.take_back(self._folder, journal.line(Change(journal.UNDONE, {}), old, sequence, at))
            raise
        return new

    def keep_as_past(self, document: Document) -> None:
        """Among the past batches, beside its journal."""
        from batch_implement.state import past_batches  # noqa: PLC0415 -- a hook's time, and seldom

        with self._folder.inner(journal.FOLDER, create=True) as past:
            past_batches.keep(past, document)

    def remove(self) -> None:
        """It and its last good copy."""
        self._lock.confirm()
        # The copy first: without its state it would look as if someone had removed that.
        self._folder.remove(backup_of(self._name))
        self._folder.remove(self._name)
        self._folder.sync()

    def _timestamp(self) -> str:
        return clock.timestamp(self._now()) if self._now is not None else clock.current_timestamp()
