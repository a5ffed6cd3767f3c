"""The arguments that say where the features come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.errors import UsageError
from batch_implement.planning.features_file import read_features_file

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.planning.feature import FeatureSource


def configure(parser: Parser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a text file with one feature a line")
    parser.add_argument(
        "--keep-dirty",
        action="store_true",
        help="start with uncommitted changes: they stay out of every commit",
    )


def read_source(call: Call) -> FeatureSource:
    """The features asked for; raises :class:`UsageError` when none are."""
    if not call.options.file:
        raise UsageError("No features were named. Call: /batch-implement FILE")
    return read_features_file(call.project.root, call.options.file, folder=call.cwd)
