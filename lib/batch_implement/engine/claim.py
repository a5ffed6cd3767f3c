"""What is said with ``done``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batch_implement.proof.second_look.claims import Named


@dataclass(frozen=True)
class Claim:
    """``no_change`` is the reason why nothing had to change; ``allowed`` are
    paths, and ``accept_weaker`` is a reason, by which a person lets through what is held otherwise. ``named``
    are the tests that the feature itself contradicts."""

    message: str = ""
    no_change: str = ""
    accept_weaker: str = ""
    allowed: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
