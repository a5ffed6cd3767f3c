"""Whether a hook is there that keeps the time of a wait beside the session: it writes down that it does."""

from __future__ import annotations

import os

from batch_implement.state.home import BATCHES
from batch_implement.system.files import quick_json
from batch_implement.system.files.folder import Folder
from batch_implement.system.process import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.oversight.session import Session

_NAME = "keeper.json"
_LIMIT = 4096


def announce_keeper(root: str | os.PathLike[str], session: Session) -> None:
    """Said when it begins; of several, the last one counts."""
    note = {"keeper": identity.identity(os.getpid()), "client": session.client}
    with Folder.open(root, *BATCHES, create=True) as folder:
        folder.write(_NAME, quick_json.dumps(note).encode())


def time_is_kept(root: str | os.PathLike[str], session: Session) -> bool:
    """Whether a live one stands beside the calling session's client."""
    try:
        with Folder.open(root, *BATCHES) as folder:
            note = quick_json.loads(folder.read(_NAME, _LIMIT).decode())
        alive = identity.live_process(str(note["keeper"])) > 0
        return alive and bool(session.client) and note["client"] == session.client
    except (OSError, ValueError, KeyError, TypeError):
        return False
