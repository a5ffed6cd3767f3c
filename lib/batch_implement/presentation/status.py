"""Where a batch is, for a person and for a program."""

from __future__ import annotations

from batch_implement.model.record import to_json
from batch_implement.oversight.rests import worked_seconds
from batch_implement.oversight.waits import current_wait
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.screen import AT_WORK, DONE, FAILED, HELD, OPEN, Row, Screen, bar
from batch_implement.presentation.standing import standing, state_of
from batch_implement.scheduling.ready import current_feature
from batch_implement.system import clock
from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_implement.json_types import JsonObject
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.seen import Seen

_TITLE = 120
_ERROR = 160
_REASON = 400
# Longer runs of features that are done, or not begun, are told by their first and last.
_RUN = 12
_SHOWN = 3
# So many have to be done before the rest is guessed from them.
_ENOUGH = 2
_SHORT_SHA = 7


def status_screen(batch: Batch, seen: Seen) -> Screen:
    """Every feature, how far and how long, what is waited for, and how to go on."""
    screen = Screen(
        f"Batch {batch.batch_id}: {_state(batch, seen)}, {standing(batch)}.", _progress(batch, seen)
    )
    screen.add(*_rows(batch, seen))
    screen.add(*_why(batch, seen), *_next(batch, seen))
    return screen


def after_interruption(batch: Batch) -> str:
    """For the person who has interrupted the batch and now says something."""
    current = current_feature(batch)
    where = (
        f" at {current + 1}. {shorten(batch.features[current].text, _TITLE)}" if current is not None else ""
    )
    return (
        f"The batch was interrupted{where} ({standing(batch)}). It goes on after this answer; "
        "to hold it: /batch-implement --pause"
    )


def status_data(batch: Batch, seen: Seen | None = None) -> JsonObject:
    """The same for a program; numbers of features are from 1, times in seconds."""
    current = current_feature(batch)
    pause, wait = batch.pause, current_wait(batch)
    looked = (
        {} if seen is None else {"is_worked_on": not seen.is_alone, "worked_seconds": _worked(batch, seen)}
    )
    return {
        "batch_id": batch.batch_id,
        "status": batch.status,
        "total": len(batch.features),
        "completed": [index + 1 for index in batch.completed_features],
        "failed": sorted(index + 1 for index in batch.failed),
        "held": sorted(index + 1 for index in batch.held),
        "at_work": sorted(index + 1 for index in batch.open_attempts),
        "current": None if current is None else current + 1,
        "pause": None if pause is None else {"reason": reason_of(pause), **to_json(pause)},
        "wake": to_json(wait),
        "evidence": {str(index + 1): to_json(proof) for index, proof in batch.evidence.items()},
        **looked,
    }


def batch_line(batch: Batch) -> str:
    return f"{batch.batch_id}: {state_of(batch)}, {standing(batch)}"


def _state(batch: Batch, seen: Seen) -> str:
    if not batch.is_going:
        return state_of(batch)
    if seen.is_asking:
        return "waiting for you"
    if current_wait(batch) is not None:
        return "waiting"
    if seen.is_alone or seen.sign is not None:
        return "standing still"
    return state_of(batch)


def _progress(batch: Batch, seen: Seen) -> str:
    closed = len(batch.closed)
    said = [f"{bar(closed, batch.total)} {closed} of {batch.total}"]
    if worked := _worked(batch, seen):
        said.append(f"{clock.duration(worked)} of work")
    if left := _seconds_left(batch, seen):
        said.append(f"about {clock.duration(left)} left")
    return " · ".join(said)


def _worked(batch: Batch, seen: Seen) -> float:
    if not batch.created_at:
        return 0.0
    until = batch.updated_at if batch.is_over else seen.at
    return round(worked_seconds(batch, batch.created_at, until, is_away=seen.is_alone), 1)


def _seconds_left(batch: Batch, seen: Seen) -> float | None:
    """By the median of the features that are done; None where there is nothing to go by."""
    done = (batch.evidence.get(index) for index in batch.completed_features)
    times = sorted(proof.worked_seconds for proof in done if proof is not None and proof.worked_seconds)
    if batch.is_over or len(times) < _ENOUGH:
        return None
    usual = times[len(times) // 2]
    begun = sum(min(usual, _since_begun(batch, index, seen)) for index in batch.open_attempts)
    return usual * len(batch.left) - begun


def _since_begun(batch: Batch, index: int, seen: Seen) -> float:
    since = batch.open_attempts[index].started_at
    return worked_seconds(batch, since, seen.at, is_away=seen.is_alone) if since else 0.0


def _rows(batch: Batch, seen: Seen) -> Iterator[Row]:
    """Each feature, where long runs of what is done, or not begun, are cut in their middle."""
    done, failed, begin = frozenset(batch.completed_features), batch.failed, 0
    order = batch.order
    marks = [_mark(batch, index, done, failed) for index in order]
    while begin < len(order):
        mark, end = marks[begin], begin
        while end < len(order) and marks[end] == mark:
            end += 1
        is_cut = end - begin > _RUN and mark in (DONE, OPEN)
        shown = (begin + _SHOWN, end - _SHOWN) if is_cut else (end, end)
        yield from (_row(batch, index, mark, seen) for index in order[begin : shown[0]])
        if is_cut:
            yield Row(mark, f"… and {shown[1] - shown[0]} more …")
        yield from (_row(batch, index, mark, seen) for index in order[shown[1] : end])
        begin = end


def _mark(batch: Batch, index: int, done: frozenset[int], failed: frozenset[int]) -> str:
    if index in done:
        return DONE
    if index in failed:
        return FAILED
    return HELD if index in batch.held else AT_WORK if index in batch.open_attempts else OPEN


def _row(batch: Batch, index: int, mark: str, seen: Seen) -> Row:
    title = f"{index + 1}. {shorten(batch.features[index].text, _TITLE)}"
    if mark == DONE:
        return Row(DONE, title, _done(batch, index))
    if mark == FAILED:
        error = next(one.error_message for one in batch.failed_features if one.feature_index == index)
        return Row(FAILED, title, below=shorten(" ".join(error.split()), _ERROR))
    if mark == HELD:
        return Row(HELD, title, below=batch.held[index])
    if mark == AT_WORK:
        attempt = batch.open_attempts[index]
        facts = [clock.duration(_since_begun(batch, index, seen))] if attempt.started_at else []
        facts += [f"try {attempt.number}"] if attempt.number > 1 else []
        return Row(AT_WORK if _state(batch, seen) == "at work" else HELD, title, facts)
    return Row(OPEN, title)


def _done(batch: Batch, index: int) -> list[str]:
    proof = batch.evidence.get(index)
    if proof is None:
        return []
    time = clock.duration(proof.worked_seconds) if proof.worked_seconds is not None else ""
    return [time, proof.commit[:_SHORT_SHA]]


def _why(batch: Batch, seen: Seen) -> Iterator[str]:
    """What keeps it from going on."""
    if batch.pause is not None and batch.status == "paused":
        since = f" since {clock.local_time(batch.pause.since)}" if batch.pause.since else ""
        yield f"Paused{since}: {shorten(reason_of(batch.pause, in_short=True), _REASON)}"
    if wait := current_wait(batch):
        yield f"Waiting until {clock.local_time(wait.at)}: {wait.reason}."
    if seen.sign is not None and seen.sign.asked:
        what = f" ({shorten(seen.sign.what, _TITLE)})" if seen.sign.what else ""
        yield f"Waiting for you: Claude asks in its session whether it may use {seen.sign.asked}{what}."
    if seen.refused_retries:
        yield f"No retries: {seen.refused_retries} failures in a row (batch-implement reset-breaker)."
    if seen.refused_closings:
        row = seen.refused_closings
        yield f"No issues are closed: {row} failures in a row (batch-implement reset-breaker)."


def _next(batch: Batch, seen: Seen) -> Iterator[str]:
    """What to type."""
    if batch.is_over:
        yield "How each was proven: /batch-status --report"
        if batch.failed_features or batch.held:
            yield "To try what failed again: /batch-implement --resume --failed"
    elif batch.status == "paused":
        yield "To go on: /batch-implement --resume"
    elif seen.is_alone:
        yield "No session works on it. To go on: /batch-implement --resume"
    elif seen.sign is not None and not seen.is_asking:
        yield "Interrupted by Esc; what was changed is still there. To go on: /batch-implement --resume"
    elif not seen.is_asking and current_wait(batch) is not None:
        yield "It goes on by itself then."
    elif not seen.is_asking:
        yield "To hold it: /batch-implement --pause"
