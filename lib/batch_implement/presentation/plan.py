"""A plan in words: the whole of it for a person, and a few lines for the beginning of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery import git_settings
from batch_implement.dependencies.graph import count_graph, draw_graph
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.sources.base import Feature
    from batch_implement.system.settings.config import Config

_TITLE = 100
_SHORT = 7
_SHOWN = 20


def describe(plan: BatchPlan, config: Config) -> str:
    """The plan for a person: features in order with the reasons, the check, what git will do, settings."""
    features = plan.source.features
    lines = [f"{_counted(features)} from {plan.source.features_file or plan.source.source_type}."]
    lines += plan.source.notices
    lines += ["", "Order:"]
    because: dict[int, list[str]] = {}
    for dependency in plan.analysis.dependencies:
        because.setdefault(dependency.feature, []).append(f"{dependency.on + 1} ({dependency.evidence})")
    for index in plan.analysis.order:
        reasons = f"  after {', '.join(because[index])}" if index in because else ""
        lines.append(f"  {index + 1}. {features[index].text}{_beside(plan, index)}{reasons}")
    stats = count_graph(plan.texts, plan.dependencies)
    lines += [
        "",
        "Dependency Analysis Complete:",
        f"  Total dependencies detected: {stats['total_dependencies']}",
        f"  Independent features: {stats['independent_features']}",
        f"  Dependent features: {stats['dependent_features']}",
        "",
        draw_graph(plan.texts, plan.dependencies),
        "",
        *_analysis_notices(plan),
        *_in_force(plan),
        *_set(config),
    ]
    lines += [f"Refused: {refusal}" for refusal in plan.refusals]
    lines += [f"Mind: {warning}" for warning in plan.warnings]
    return "\n".join(lines)


def nothing_left(plan: BatchPlan) -> str:
    """Why there is nothing to begin: an earlier batch has done it all."""
    count, source = len(plan.done), plan.source.features_file
    what = "The one feature" if count == 1 else f"All {count} features"
    lines = [f"{what} of {source} {'was' if count == 1 else 'were'} done before; nothing is started."]
    lines += [f"  ✓ {shorten(text, _TITLE)} ({commit[:_SHORT]})" for text, commit in plan.done[:_SHOWN]]
    lines += [f"  and {count - _SHOWN} more"] if count > _SHOWN else []
    return "\n".join([*lines, "To do it all the same: /batch-implement --again FILE"])


def summary(plan: BatchPlan) -> str:
    """The plan in a few lines, as Claude and the person see it when a batch begins."""
    order = [index + 1 for index in plan.analysis.order]
    moved = "in the order given" if order == sorted(order) else f"in the order {_ranges(order)}"
    origin = plan.source.features_file or plan.source.source_type
    head = f"{_counted(plan.source.features)} from {origin}, {moved}."
    notices = [*plan.source.notices, *_analysis_notices(plan)]
    return "\n".join([head, *notices, *_in_force(plan), *(f"Mind: {text}" for text in plan.warnings)])


def _counted(features: Sequence[Feature]) -> str:
    return "1 feature" if len(features) == 1 else f"{len(features)} features"


def _beside(plan: BatchPlan, index: int) -> str:
    """Where it stands, where that is not plain, and how much stands below it."""
    feature = plan.source.features[index]
    said = [feature.origin] if len(plan.source.files) > 1 else []
    if feature.origin and feature.body:
        count = len([line for line in feature.body.splitlines() if line.strip()])
        said.append(f"with {count} line{'s' if count > 1 else ''} below it")
    return f" [{', '.join(said)}]" if said else ""


def _analysis_notices(plan: BatchPlan) -> list[str]:
    notices = list(plan.analysis.notices)
    if plan.analysis.timed_out:
        notices.append("Looking for dependencies took too long, so the order given is used.")
    for cycle in plan.analysis.cycles:
        features = " → ".join(str(index + 1) for index in (*cycle.features, cycle.features[0]))
        notices.append(
            f"Features {features} wait for each other ({'; '.join(cycle.evidence)}); "
            "they keep the order given."
        )
    return notices


def _set(config: Config) -> list[str]:
    """The settings that are not at their defaults."""
    found = [
        f"{name}={config.values[name]} ({origin})"
        for name, origin in config.origins.items()
        if origin != "default"
    ]
    return [f"Settings: {', '.join(found)}."] if found else ["Settings: the defaults."]


def _in_force(plan: BatchPlan) -> list[str]:
    check = f"{plan.check} ({plan.check.source})" if plan.check else "none found"
    where = plan.branch.name if plan.branch.mode != "feature" else "a branch of its own"
    reason = f" {plan.branch.reason}" if plan.branch.reason else ""
    return [f"Check: {check}.", f"Git: {git_settings.describe(plan.settings, where, plan.base)}.{reason}"]


def _ranges(numbers: list[int]) -> str:
    """``1-3, 5, 4``: runs of consecutive numbers folded."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
