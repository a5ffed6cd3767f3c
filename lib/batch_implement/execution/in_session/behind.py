"""What a hook leaves to be done behind its answer."""

from __future__ import annotations

from batch_implement.system.process.detached import do_detached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def do_behind(
    home: str, hook: str, work: Callable[[], object], *, first: Callable[[], object] | None = None
) -> None:
    """Go on without the client, which waits for the answer only, and ends its hooks when it ends.

    ``first`` is done before the answer, and by the same process: with half of both nobody would go on.
    """
    before = None if first is None else lambda: _logged(home, hook, first)
    do_detached(lambda: _logged(home, hook, work), first=before)


def _logged(home: str, hook: str, work: Callable[[], object]) -> None:
    import signal  # noqa: PLC0415 -- the hook has no need of it

    # The script that started us ignores it, and the user's own command that we may run would do the same.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        work()
    except Exception as error:  # noqa: BLE001 -- nobody sees it but the log
        from batch_implement.execution.in_session.hook_log import log_failure  # noqa: PLC0415 -- after a failure

        log_failure(home, hook, error)
