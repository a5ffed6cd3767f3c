"""What only a person does: from within a session it has to be typed, elsewhere it takes a person's terminal.

A model that may begin, end or accept could let itself off. Whoever reads this with a model's eyes: forging a
person is possible for every program that runs under the person's account, and is what is looked for here.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from batch_implement.errors import BatchImplementError
from batch_implement.model.refusals import PersonsOnly, RefusedError
from batch_implement.system.process import identity, origin, terminal

if TYPE_CHECKING:
    import argparse

    from batch_implement.cli.command import Call
    from batch_implement.model.kinds import Doubt

_SUBCOMMANDS = frozenset(
    {"start", "implement", "resume", "stop", "consent", "reset-breaker", "clean", "uninstall"}
)
_OPTIONS = ("accept_weaker", "allow")
# A script of the user's may tidy up.
_WITHOUT_TERMINAL = frozenset({"clean", "uninstall"})
# They are asked for once more: what is lost or accepted by them is not seen by a check.
_CONFIRMED = frozenset({"stop", "done"})


def require_person(name: str, call: Call, *, was_typed: bool = False) -> None:
    """Raise :class:`RefusedError` unless a person calls the subcommand at a terminal of theirs.

    ``was_typed``: a client that can't tell of it has written down that the very same was typed.
    """
    if not _is_persons(name, call.options) or was_typed:
        return
    owner = _owner(call)
    if call.session.session_id or "CLAUDECODE" in os.environ or identity.runs_below(owner):
        raise _refused(name, "session")
    if name in _WITHOUT_TERMINAL:
        return
    if not terminal.has_terminal():
        raise _refused(name, "no-terminal")
    if identity.live_process(owner) and not origin.opened_by_somebody_else(os.getpid(), owner):
        raise _refused(name, "strange-terminal")
    if name in _CONFIRMED:
        word = f"{secrets.randbelow(10_000):04}"
        if terminal.ask(f"batch-implement {name}: type {word} to go on: ") != word:
            raise _refused(name, "unconfirmed")


def require_typed(name: str, call: Call) -> None:
    """Raise :class:`RefusedError` unless a client that is not the session's own child tells that it was "
    "typed."""
    if not _is_persons(name, call.options):
        return
    maker = origin.maker_of_input()
    if maker is None:
        return
    owner = _owner(call)
    if not maker or not origin.is_ancestor(maker):
        raise _refused(name, "not-typed")
    client = identity.live_process(owner)
    if not client or client == maker:
        return
    if identity.runs_below(owner, maker):
        raise _refused(name, "session")
    if not call.session.attended:
        raise _refused(name, "unattended")
    if not origin.opened_by_somebody_else(maker, owner):
        raise _refused(name, "strange-terminal")


def _is_persons(name: str, options: argparse.Namespace) -> bool:
    return name in _SUBCOMMANDS or any(getattr(options, option, None) for option in _OPTIONS)


def _owner(call: Call) -> str:
    """The client that the batch at work belongs to; ``""`` where there is none, or none can be read."""
    try:
        owner = call.project.state.read().owner
    except (BatchImplementError, FileNotFoundError):
        return ""
    return owner.client if owner is not None else ""


def _refused(name: str, doubt: Doubt) -> RefusedError:
    return RefusedError(PersonsOnly(command=name, doubt=doubt))
