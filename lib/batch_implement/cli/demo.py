"""``demo``: the whole thing in a throw-away repository, with the real client and a scripted model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from batch_implement.demo.showcase import show
from batch_implement.execution.client.installation import VERSION
from batch_implement.presentation.answer import Answer, told

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser

SUMMARY = "the whole thing in a throw-away repository, without an account"


def configure(parser: Parser) -> None:
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "batch-implement"
    parser.add_argument("--cache", type=Path, default=default, help="where the client is installed")
    parser.add_argument("--client", default=VERSION, metavar="VERSION", help="which version of Claude Code")


def run(call: Call) -> Answer:
    options = call.options
    return told(show(options.cache, lambda line: print(line, file=sys.stderr, flush=True), options.client))
