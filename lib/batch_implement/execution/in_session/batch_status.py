"""``/batch-status`` was typed: where the batch is, read from its state and nothing else.

What would need more (another folder's batch, one that has ended, a breaker that is open) is left to the
subcommand.
"""

from __future__ import annotations

import os

from batch_implement.oversight.signs import sign_of
from batch_implement.presentation.status import status_text
from batch_implement.state.home import FOLDER, checkout_of, has_batch, retry_state_name, state_file
from batch_implement.state.state_file import StateFile
from batch_implement.system.files import quick_json
from batch_implement.system.files.folder import Folder
from batch_implement.system.git.head import is_main_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from batch_implement.model.batch import Batch

_COMMAND = "batch-implement:batch-status"


def answer_lightly(data: bytes) -> bool:
    """Answer the UserPromptExpansion event where that is easily done; otherwise nothing is said."""
    try:
        text = _text(quick_json.loads(data.decode()))
    except Exception:  # noqa: BLE001 -- whatever it is, the subcommand meets it too, and says it
        return False
    if text:
        print(quick_json.dumps({"continue": False, "stopReason": text}))  # noqa: T201 -- how a hook answers
    return bool(text)


def _text(event: Any) -> str:
    if event.get("command_name") != _COMMAND or event.get("command_args"):
        return ""
    home = _home(os.path.realpath(os.environ.get("CLAUDE_PROJECT_DIR") or event["cwd"]))
    if not home:
        return ""
    batch = StateFile(state_file(home)).read()
    return status_text(batch, sign=sign_of(home, batch)) if _all_is_tried(home, batch) else ""


def _home(folder: str) -> str:
    """Where the batch is of a main tree; a ``.git`` that is a file needs a closer look (``find_home``)."""
    top = checkout_of(folder)
    return top if top and is_main_tree(top) and has_batch(top) else ""


def _all_is_tried(home: str, batch: Batch) -> bool:
    """Whether no breaker holds anything back, as far as can be told without knowing the time."""
    if batch.github_breaker is not None:
        return False
    try:
        with Folder.open(home, FOLDER) as folder:
            kept = quick_json.loads(folder.read(retry_state_name(batch.batch_id)).decode())
    except FileNotFoundError:
        return True
    return not (kept["circuit_breaker_open"] or kept.get("circuit_opened_at"))
