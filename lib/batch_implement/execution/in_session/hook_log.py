"""What went wrong in a hook: one line in the batch's folder, where ``doctor`` finds it."""

from __future__ import annotations

from batch_implement.state.home import BATCHES, HOOK_LOG
from batch_implement.system.clock import current_timestamp
from batch_implement.system.files import quick_json
from batch_implement.system.files.folder import Folder

_LOG_LIMIT = 256 * 1024


def log_failure(root: str, name: str, error: Exception) -> None:
    """A log that can't be written is let go."""
    record = {"at": current_timestamp(), "hook": name, "error": f"{type(error).__name__}: {error}"[:2000]}
    try:
        with Folder.open(root, *BATCHES, create=True) as folder:
            if folder.size(HOOK_LOG) > _LOG_LIMIT:
                folder.rename(HOOK_LOG, f"{HOOK_LOG}.1")
            folder.append(HOOK_LOG, quick_json.dumps(record).encode() + b"\n")
    except Exception:  # noqa: BLE001 -- there is nobody left to tell
        return
