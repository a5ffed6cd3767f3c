"""What a person is asked, the first time that something needs a consent, and what holds until they answer."""

from __future__ import annotations

from dataclasses import dataclass

from batch_implement.system.settings.consent import GIT, RETRIES


@dataclass(frozen=True)
class Asking:
    """``text`` explains, before ``question`` is put."""

    text: str
    question: str


FIRST_RUN: dict[str, Asking] = {
    RETRIES: Asking(
        """\
╔══════════════════════════════════════════════════════════════╗
║                                                              ║
║  🔄 Automatic Retry for /batch-implement (NEW)              ║
║                                                              ║
║  Automatic retry enabled for transient failures:            ║
║    ✓ Network errors                                         ║
║    ✓ API rate limits                                        ║
║    ✓ Temporary service failures                             ║
║                                                              ║
║  Max 3 retries per feature (prevents infinite loops)        ║
║  Circuit breaker after 5 consecutive failures (safety)      ║
║                                                              ║
║  HOW TO DISABLE:                                            ║
║    Add to .env: BATCH_RETRY_ENABLED=false                   ║
║                                                              ║
╚══════════════════════════════════════════════════════════════╝
""",
        "Retry features that fail for passing reasons, in this and later batches?",
    ),
    GIT: Asking(
        """\
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
""",
        "Commit, push, open pull requests and close issues for finished features, now and in later runs?",
    ),
}

RETRIES_UNANSWERED = (
    "Features that fail for a passing reason (network, limits) are tried again, 3 times at most; "
    "to settle it for this and later batches: batch-implement consent retry no (or yes)."
)
"""Said until it is answered, and the batch goes on with it."""
