"""``flock`` with a time limit that stays fair, and descriptors that a forked child does not keep."""

from __future__ import annotations

import fcntl
import os
import time
from _thread import allocate_lock, start_new_thread

from batch_implement.system.files import whole_file
from batch_implement.system.patience import PATIENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_descriptors: set[int] = set()


def adopt(descriptor: int) -> int:
    """See to it that a forked child closes it: with it the child would hold its dead parent's lock."""
    _descriptors.add(descriptor)
    return descriptor


def close(descriptor: int) -> None:
    _descriptors.discard(descriptor)
    whole_file.close(descriptor)


def take(descriptor: int, kind: int, deadline: float, say: Callable[[], None]) -> bool:
    """Lock an adopted descriptor, shared or exclusive; False when ``time.monotonic`` passed ``deadline``.

    ``say`` is called once where it takes long.
    """
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Waiter(descriptor, kind).wait(deadline - time.monotonic(), say)
    return True


def give_back(descriptor: int) -> None:
    """Unlock; where that fails, closing will do it, and what was done under the lock is done."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    except OSError:
        return


class _Waiter:
    """Waits in the kernel's queue, which serves in order, on a thread that can be given up.

    Polling instead makes the unlucky wait ten times as long: whoever asks at the right moment wins. The
    thread has a descriptor of its own for the same open file: when it was given up and the lock comes
    after all, closing that descriptor, the last one, gives it back.
    """

    def __init__(self, descriptor: int, kind: int) -> None:
        self._descriptor = adopt(os.dup(descriptor))
        self._kind = kind
        self._error: OSError | None = None
        self._ended = allocate_lock()
        self._ended.acquire()
        start_new_thread(self._run, ())

    def wait(self, seconds: float, say: Callable[[], None]) -> bool:
        ended = self._ended.acquire(timeout=max(0.0, min(seconds, PATIENCE)))
        if not ended and seconds > PATIENCE:
            say()
            ended = self._ended.acquire(timeout=seconds - PATIENCE)
        if self._error is not None:
            raise self._error
        return ended

    def _run(self) -> None:
        try:
            fcntl.flock(self._descriptor, self._kind)
        except OSError as error:
            self._error = error
        close(self._descriptor)
        self._ended.release()


def _close_in_child() -> None:
    for descriptor in _descriptors:
        os.close(descriptor)
    _descriptors.clear()


os.register_at_fork(after_in_child=_close_in_child)
