"""``implement``: a batch of one feature, given in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.cli import sources
from batch_implement.errors import UsageError
from batch_implement.sources.base import Feature, FeatureSource, sanitize_feature_name

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.presentation.answer import Answer

SUMMARY = "implement one feature, given in words, as a batch of one"


def configure(parser: Parser) -> None:
    parser.add_argument("words", nargs="*", metavar="FEATURE", help="what to implement")
    parser.add_argument("--keep-dirty", action="store_true", help="start with uncommitted changes")


def run(call: Call) -> Answer:
    text = sanitize_feature_name(" ".join(call.options.words))
    if not text:
        raise UsageError('No feature was given. Call: /auto-implement "what to implement"')
    return sources.start(call, FeatureSource((Feature(text),), "request"))
