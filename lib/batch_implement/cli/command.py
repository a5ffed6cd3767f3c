"""What every subcommand is given, and what it consists of."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, Protocol

from batch_implement.engine.project import Project
from batch_implement.errors import UsageError
from batch_implement.presentation.observer import observe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from batch_implement.oversight.session import Session
    from batch_implement.presentation.answer import Answer


@dataclass(frozen=True)
class Call:
    """One call of a subcommand.

    ``permission_mode`` is Claude Code's, where it is known. ``wait`` is how long (seconds) the caller can
    wait for the project's checks; they go on after that and are picked up by the next call. ``is_look``: a
    batch is not begun, but what keeps one from beginning is said.
    """

    options: argparse.Namespace
    cwd: Path
    session: Session
    permission_mode: str = ""
    wait: float = 100.0
    is_look: bool = False

    @cached_property
    def project(self) -> Project:
        return Project.find(self.cwd, self.session, observe)


class Subcommand(Protocol):
    """A module of this package."""

    SUMMARY: str

    def configure(self, parser: Parser) -> None:
        """Add the subcommand's arguments."""

    def run(self, call: Call) -> Answer:
        """Carry it out."""


class Parser(argparse.ArgumentParser):
    """argparse, whose mistakes become our errors: a hook calls it too, and must not exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}. {' '.join(self.format_usage().split())}")


def parse(name: str, module: Subcommand, arguments: Sequence[str]) -> argparse.Namespace:
    """Raises :class:`UsageError` with the usage for arguments that don't fit."""
    return parser_of(name, module).parse_args(list(arguments))


def parser_of(name: str, module: Subcommand, prog: str = "") -> Parser:
    """``prog``: what was typed instead of the subcommand's name."""
    parser = Parser(prog=prog or f"batch-implement {name}", description=module.SUMMARY, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="answer with a JSON object")
    module.configure(parser)
    return parser
