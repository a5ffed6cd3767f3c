"""The arguments that say where the features come from, and the plan that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.engine.batch_plan import plan_batch
from batch_implement.engine.retries import retry_consent
from batch_implement.engine.start import refuse_start, start_batch
from batch_implement.errors import UsageError
from batch_implement.model.batch_id import new_batch_id
from batch_implement.presentation.answer import Answer, told
from batch_implement.presentation.beginning import answer_to_start
from batch_implement.presentation.plan import nothing_left
from batch_implement.sources.features_file import read_features_files
from batch_implement.sources.issue_selection import parse_issue_selection
from batch_implement.sources.issues import fetch_features
from batch_implement.system.clock import utc_now
from batch_implement.system.github.github import GitHub
from batch_implement.system.settings.consent import Consent

if TYPE_CHECKING:
    from batch_implement.cli.command import Call, Parser
    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.json_types import JsonObject
    from batch_implement.sources.base import FeatureSource


def configure(parser: Parser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="a list: one feature a line, or the bullets of a Markdown file; several, or a pattern",
    )
    parser.add_argument("--issues", nargs="*", metavar="N", help="GitHub issues: 72 73, #72,73 or 72-80")
    parser.add_argument("--label", action="append", default=[], metavar="NAME", help="issues with this label")
    parser.add_argument("--milestone", default="", metavar="NAME", help="issues of this milestone")
    parser.add_argument("--include-closed", action="store_true", help="closed issues too")
    parser.add_argument("--again", action="store_true", help="what an earlier batch has done and proven, too")
    parser.add_argument(
        "--keep-dirty",
        action="store_true",
        help="start with uncommitted changes: they stay out of every commit",
    )


def read_source(call: Call) -> FeatureSource:
    """The features asked for; raises :class:`UsageError` when none are, or two sources at once."""
    options = call.options
    wants_issues = options.issues is not None or options.label or options.milestone or options.include_closed
    files = [name for name in options.files if name.strip()]
    if files and wants_issues:
        raise UsageError(f"Features come from a file ({files[0]}) or from issues, not from both.")
    if wants_issues:
        return _issues(call)
    if not files:
        raise UsageError(
            "No features were named. Call: /batch-implement FILE, or /batch-implement --issues 72 73"
        )
    return read_features_files(call.project.workspace, files, folder=call.cwd)


def plan(call: Call, source: FeatureSource) -> BatchPlan:
    """What a batch of these features would do here; nothing is changed."""
    return plan_batch(
        call.project,
        source,
        batch_id=new_batch_id(utc_now()),
        permission_mode=call.permission_mode,
        keep_dirty=call.options.keep_dirty,
        again=getattr(call.options, "again", True),
    )


def data(plan: BatchPlan) -> JsonObject:
    """A plan for a program that asks; numbers from 1."""
    return {
        "features": plan.texts,
        "order": [index + 1 for index in plan.analysis.order],
        "done": [{"feature": text, "commit": commit} for text, commit in plan.done],
    }


def start(call: Call, source: FeatureSource) -> Answer:
    """Begin a batch of these features."""
    made = plan(call, source)
    if not made.texts:
        return told(nothing_left(made), data(made))
    if call.is_look:
        refuse_start(call.project, made)
        return Answer("assigned", "")
    outcome = start_batch(call.project, made, wait=call.wait)
    unanswered = retry_consent(call.project) is Consent.ASK
    return answer_to_start(made, outcome, is_unanswered=unanswered)


def _issues(call: Call) -> FeatureSource:
    options = call.options
    arguments = [
        *(options.issues or ()),
        *(f"--label={name}" for name in options.label),
        *([f"--milestone={options.milestone}"] if options.milestone else ()),
        *(["--include-closed"] if options.include_closed else ()),
    ]
    return fetch_features(parse_issue_selection(arguments), GitHub(call.project.workspace))
