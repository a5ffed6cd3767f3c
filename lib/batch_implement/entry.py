"""What each start of the program does: it loads as little as what it was started for allows."""

from __future__ import annotations

import gc
import os
import sys

# What the owner's hook loads when nothing out of the ordinary has happened.
TOGETHER = {
    "batch-status": "batch_status",
    "permission-request": "hook permission_request",
    "post-tool-use": "hook post_tool_use",
    "pre-tool-use": "hook pre_tool_use",
    "session-start": "hook session_start model.attempt presentation.prompts",
    "stop": "hook stop turn_end model.attempt",
    "stop-failure": "hook stop_failure api_failure",
    "subagent-start": "hook subagent_start model.attempts presentation.prompts",
    "subagent-stop": "hook subagent_stop model.attempts",
    "user-prompt-submit": "hook user_prompt_submit",
}


def main() -> None:
    """Do what ``sys.argv`` says, and end the process."""
    # A start makes much and throws nothing away: looking for garbage on the way is a twentieth of a hook.
    gc.set_threshold(50_000)
    # -S leaves out the environment's packages; only those who import one need them.
    sys.path.append(
        f"{sys.executable.rpartition('/bin/')[0]}/lib/"
        f"python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    )
    if sys.argv[1:2] == ["_install"]:
        from batch_implement.system.installer import main as install

        sys.exit(install(sys.argv[2:]))
    if sys.argv[1:2] == ["--version"]:
        from batch_implement import __version__

        print(__version__)  # noqa: T201
        sys.exit(0)
    if sys.argv[1:2] == ["_hook"]:
        _load_together(sys.argv[2])
        from batch_implement.execution.in_session.hook import main as answer

        status = answer(sys.argv[1:])
        sys.stdout.flush()
        # Taking the interpreter apart is a tenth of a hook's time, and leaves nothing tidier.
        os._exit(status)
    if sys.argv[1:2] == ["_slash"]:
        _load_together("batch-status")
        from batch_implement.execution.in_session.batch_status import answer_lightly

        typed = sys.stdin.buffer.read(4 * 1024 * 1024)
        if answer_lightly(typed):
            sys.stdout.flush()
            os._exit(0)
        from batch_implement.cli.main import answer_typed

        sys.exit(answer_typed(typed))
    from batch_implement.cli.main import main as run

    sys.exit(run(sys.argv[1:]))


def modules_of(kind: str) -> list[str]:
    """Their names within the package."""
    names = TOGETHER[kind].split()
    return [name if "." in name else f"execution.in_session.{name}" for name in names]


def _load_together(kind: str) -> None:
    if sys.pycache_prefix and kind in TOGETHER:
        from batch_implement.together import load_together

        load_together(kind, modules_of(kind))
