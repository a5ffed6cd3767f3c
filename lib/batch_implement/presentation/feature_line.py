"""A line for the person as a feature ends, or the batch comes to stand: said by a hook, not by the model."""

from __future__ import annotations

from batch_implement.model.evidence import Evidence
from batch_implement.oversight.waits import current_wait
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.standing import counted
from batch_implement.scheduling.ready import current_feature
from batch_implement.system.clock import duration, local_time
from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch

_TITLE = 60
_PANEL_TITLE = 50
_ERROR = 120
_SHORT_SHA = 7
_NOTHING_KNOWN = Evidence()


def numbered(batch: Batch, index: int, length: int = _PANEL_TITLE) -> str:
    """``3/6 Add a password reset``: what the client's own list of agents shows."""
    return f"{index + 1}/{len(batch.features)} {shorten(batch.features[index].text, length)}"


def lines_after(batch: Batch, index: int | None) -> str:
    """What has become of a feature, of those that need it, and of the batch; ``""`` while nothing has.

    ``index`` is None after a step that was about none.
    """
    lines: list[str] = []
    if index is not None and index in batch.completed_features:
        lines.append(_done(batch, index))
    elif index is not None and index in batch.failed:
        lines += _failed(batch, index)
    elif index is not None and batch.attempts.get(index):
        lines.append(
            f"↻ {numbered(batch, index, _TITLE)} · {shorten(batch.attempts[index][-1].error, _ERROR)}"
        )
    return "\n".join([*lines, *_stands(batch)])


def _done(batch: Batch, index: int) -> str:
    evidence = batch.evidence.get(index, _NOTHING_KNOWN)
    said = [f"✓ {numbered(batch, index, _TITLE)}"]
    if evidence.worked_seconds is not None:
        said.append(duration(evidence.worked_seconds))
    if evidence.tests_after is not None:
        said.append(counted(evidence.tests_after, "test"))
    said.append(
        evidence.commit[:_SHORT_SHA] or ("nothing to change" if evidence.no_change else "not committed")
    )
    return " · ".join([*said, *_next(batch)])


def _failed(batch: Batch, index: int) -> list[str]:
    evidence = batch.evidence.get(index, _NOTHING_KNOWN)
    error = next((one.error_message for one in batch.failed_features if one.feature_index == index), "")
    said = [f"✗ {numbered(batch, index, _TITLE)}", shorten(error, _ERROR)]
    if evidence.kept_on:
        said.append(f"its work: {evidence.kept_on}")
    held = [
        f"⏸ {numbered(batch, one, _TITLE)} · held: {why}"
        for one, why in batch.held.items()
        if f"feature {index + 1}," in why or why.endswith(f"feature {index + 1} failed")
    ]
    return [" · ".join([*said, *_next(batch)]), *held]


def _next(batch: Batch) -> list[str]:
    """What comes next, and about how long all that is left will take, as the features before took."""
    following = current_feature(batch)
    if following is None:
        return ["none is left"]
    left = len({*batch.left, *batch.open_attempts})
    times = [one.worked_seconds for one in batch.evidence.values() if one.worked_seconds is not None]
    about = [f"about {_roughly(left * sum(times) / len(times))} left"] if times else []
    return [f"next: {following + 1}", *about]


def _roughly(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "1 min"
    return f"{minutes} min" if minutes < 100 else f"{round(minutes / 60)} h"


def _stands(batch: Batch) -> list[str]:
    """Why nothing goes on, where nothing does."""
    if batch.status == "paused" and batch.pause is not None:
        return [f"⏸ paused: {shorten(reason_of(batch.pause).partition(chr(10))[0], _ERROR)}"]
    wait = current_wait(batch)
    return [] if wait is None else [f"⏸ waiting until {local_time(wait.at)}: {wait.reason}"]
