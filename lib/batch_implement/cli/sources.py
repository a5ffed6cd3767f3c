"""The arguments that say where the features come from, and the plan that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.batch_plan import plan_batch
from batch_implement.engine.retries import retry_consent
from batch_implement.engine.start import start_batch
from batch_implement.errors import UsageError
from batch_implement.model.batch_id import new_batch_id
from batch_implement.presentation.beginning import answer_to_start
from batch_implement.sources.features_file import read_features_file
from batch_implement.sources.issue_selection import parse_issue_selection
from batch_implement.sources.issues import fetch_features
from batch_implement.system.clock import utc_now
from batch_implement.system.github.github import GitHub
from batch_implement.system.settings.consent import Consent

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.presentation.answer import Answer
    from batch_implement.sources.base import FeatureSource


def configure(parser: Parser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a text file with one feature a line")
    parser.add_argument("--issues", nargs="*", metavar="N", help="GitHub issues: 72 73, #72,73 or 72-80")
    parser.add_argument("--label", action="append", default=[], metavar="NAME", help="issues with this label")
    parser.add_argument("--milestone", default="", metavar="NAME", help="issues of this milestone")
    parser.add_argument("--include-closed", action="store_true", help="closed issues too")
    parser.add_argument(
        "--keep-dirty",
        action="store_true",
        help="start with uncommitted changes: they stay out of every commit",
    )


def read_source(call: Call) -> FeatureSource:
    """The features asked for; raises :class:`UsageError` when none are, or two sources at once."""
    options = call.options
    wants_issues = options.issues is not None or options.label or options.milestone or options.include_closed
    if options.file and wants_issues:
        raise UsageError(f"Features come from a file ({options.file}) or from issues, not from both.")
    if wants_issues:
        return _issues(call)
    if not options.file:
        raise UsageError(
            "No features were named. Call: /batch-implement FILE, or /batch-implement --issues 72 73"
        )
    return read_features_file(call.project.workspace, options.file, folder=call.cwd)


def plan(call: Call, source: FeatureSource) -> BatchPlan:
    """What a batch of these features would do here; nothing is changed."""
    return plan_batch(
        call.project,
        source,
        batch_id=new_batch_id(utc_now()),
        permission_mode=call.permission_mode,
        keep_dirty=call.options.keep_dirty,
    )


def start(call: Call, source: FeatureSource) -> Answer:
    """Begin a batch of these features."""
    made = plan(call, source)
    outcome = start_batch(call.project, made, wait=call.wait)
    unanswered = retry_consent(call.project) is Consent.ASK
    return answer_to_start(made, outcome, is_unanswered=unanswered, attended=call.session.attended)


def _issues(call: Call) -> FeatureSource:
    options = call.options
    arguments = [
        *(options.issues or ()),
        *(f"--label={name}" for name in options.label),
        *([f"--milestone={options.milestone}"] if options.milestone else ()),
        *(["--include-closed"] if options.include_closed else ()),
    ]
    return fetch_features(parse_issue_selection(arguments), GitHub(call.project.workspace))
