"""Whether git may be used for what a run has finished, asked once for all projects.

The setting comes first, then what the user answered before, then the question. In a batch nobody is asked:
there an open question means yes, as the setting's default does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.system.settings.config import Config
    from batch_implement.system.settings.user_state import UserState

SETTING = "AUTO_GIT_ENABLED"
STORED_KEY = "auto_git_enabled"

FIRST_RUN_TEXT = """\
╔══════════════════════════════════════════════════════════════╗
║                                                              ║
║  Automatic git operations for /auto-implement               ║
║                                                              ║
║  After a feature has passed its checks:                     ║
║    ✓ Commit it, with a conventional message                 ║
║    ✓ Push the branch to its remote                          ║
║    ✓ Open a pull request, or bring it up to date            ║
║    ✓ Close the issue it was made from                       ║
║                                                              ║
║  Never a force push, never another person's changes         ║
║                                                              ║
║  HOW TO DISABLE:                                            ║
║    Add to .env: AUTO_GIT_ENABLED=false                      ║
║                                                              ║
╚══════════════════════════════════════════════════════════════╝
"""

QUESTION = "Commit, push, open pull requests and close issues for finished features, now and in later runs?"


def consent(config: Config, answers: Mapping[str, object]) -> bool | None:
    """None where nobody has answered yet. A stored answer must be true or false."""
    if config.is_set(SETTING):
        return config.flag(SETTING)
    stored = answers.get(STORED_KEY)
    return stored if isinstance(stored, bool) else None


def consent_in_batch(config: Config, answers: Mapping[str, object]) -> bool:
    """As :func:`consent`, without a question: only a no that was said counts as one."""
    return consent(config, answers) is not False


def store_answer(user: UserState, *, granted: bool) -> None:
    """Keep the answer for later runs, beside what other programs keep there."""
    user.update({STORED_KEY: granted})
