"""A plan in words: one screen of it or the whole, and a few lines for the beginning of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.delivery import git_settings
from batch_implement.dependencies.graph import count_graph, draw_graph
from batch_implement.dependencies.order import generations
from batch_implement.presentation.estimate import estimated
from batch_implement.presentation.feature_tree import beside, tree
from batch_implement.presentation.screen import BLANK, Screen
from batch_implement.presentation.standing import counted, source_of
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.engine.batch_plan import BatchPlan
    from batch_implement.model.batch import Batch
    from batch_implement.system.settings.config import Config

_TITLE = 100
_SHORT = 7
_SHOWN = 20
# With what stands around it a screen of 40 lines.
_ROWS = 24


def describe(
    plan: BatchPlan, config: Config, past: Sequence[Batch] = (), *, questions: Sequence[str] = ()
) -> Screen:
    """The plan on one screen: features in order with the reasons, the check, what git will do, settings.

    ``past`` are the project's earlier batches, by which its time is estimated.
    """
    rows = tree(plan)
    screen = Screen(_head(plan), *plan.source.notices, BLANK)
    screen.add(*rows[:_ROWS])
    if len(rows) > _ROWS:
        screen.add(f"    … and {len(rows) - _ROWS} more: --full")
    screen.add(BLANK, *_side_by_side(plan), *_analysis_notices(plan), *_in_force(plan), *_set(config))
    screen.add(f"Time: {estimated(past, len(plan.texts))}.")
    screen.add(*(f"Question: {question}" for question in questions))
    screen.add(*(f"Mind: {warning}" for warning in plan.warnings))
    screen.add(*(f"Refused: {refusal}" for refusal in plan.refusals))
    return screen


def describe_fully(plan: BatchPlan, config: Config) -> Screen:
    """What :func:`describe` leaves out: every dependency with its words and how sure it is, every setting."""
    stats = count_graph(plan.texts, plan.dependencies)
    screen = Screen(_head(plan), *plan.source.notices, BLANK)
    screen.add(*(f"{index + 1}. {plan.texts[index]}{_beside(plan, index)}" for index in plan.analysis.order))
    screen.add(
        BLANK,
        "Dependency Analysis Complete:",
        f"  Total dependencies detected: {stats['total_dependencies']}",
        f"  Independent features: {stats['independent_features']}",
        f"  Dependent features: {stats['dependent_features']}",
        *(
            f"  {found.feature + 1} after {found.on + 1}: {found.evidence}"
            f" ({found.kind}, {found.confidence:g})"
            for found in plan.analysis.dependencies
        ),
        BLANK,
        draw_graph(plan.texts, plan.dependencies, first=1),
        *_side_by_side(plan),
        *_analysis_notices(plan),
        *_in_force(plan),
        "Settings:",
        *(f"  {name}={_value(config, name)} ({origin})" for name, origin in config.origins.items()),
        *(f"Mind: {warning}" for warning in plan.warnings),
        *(f"Refused: {refusal}" for refusal in plan.refusals),
    )
    return screen


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
    notices = [*plan.source.notices, *_analysis_notices(plan)]
    return "\n".join([_head(plan), *notices, *_in_force(plan), *(f"Mind: {text}" for text in plan.warnings)])


def _head(plan: BatchPlan) -> str:
    source = source_of(plan.source.features_file, plan.source.source_type)
    return f"{counted(len(plan.texts), 'feature')} from {source}{_order(plan)}."


def _order(plan: BatchPlan) -> str:
    order = [index + 1 for index in plan.analysis.order]
    if len(order) < 2:
        return ""
    return ", in the order given" if order == sorted(order) else f", in the order {_ranges(order)}"


def _side_by_side(plan: BatchPlan) -> list[str]:
    """What could be worked at the same time, as far as needs go."""
    if len(plan.texts) < 2:
        return []
    steps = [[index + 1 for index in step] for step in generations(len(plan.texts), plan.dependencies)]
    if len(steps) == len(plan.texts):
        return ["Side by side: nothing, each needs the one before."]
    return [f"Side by side could run: {'; then '.join(map(_ranges, steps))}."]


def _beside(plan: BatchPlan, index: int) -> str:
    said = beside(plan, index)
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
        f"{name}={_value(config, name)} ({origin})"
        for name, origin in config.origins.items()
        if origin != "default"
    ]
    return [f"Settings: {', '.join(found)}."] if found else ["Settings: the defaults."]


def _value(config: Config, name: str) -> str:
    value = config.values[name]
    return str(value).lower() if isinstance(value, bool) else str(value)


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
