"""Where a batch is, for a person and for a program."""

from __future__ import annotations

from batch_implement.model.record import to_json
from batch_implement.oversight.waits import current_wait
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.standing import standing
from batch_implement.scheduling.ready import current_feature
from batch_implement.system.clock import local_time
from batch_implement.system.text.shortening import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.json_types import JsonMapping, JsonObject
    from batch_implement.model.batch import Batch
    from batch_implement.oversight.signs import Sign

_TITLE = 120
_ERROR = 160


def status_text(
    batch: Batch, *, sign: Sign | None = None, refused_retries: int = 0, refused_closings: int = 0
) -> str:
    """Where the batch is, in a few lines.

    ``sign`` is what its session waits for. How many failures in a row keep features from being tried again,
    and issues from being closed; 0 for none.
    """
    lines = [f"Batch {batch.batch_id}: {batch.status}, {standing(batch)}."]
    if batch.pause is not None and batch.status == "paused":
        lines.append(f"Paused: {reason_of(batch.pause)}")
    if wait := current_wait(batch):
        lines.append(f"Waiting until {local_time(wait.at)}: {wait.reason}")
    if sign is not None:
        lines.append(_sentence_of(sign))
    if refused_retries:
        lines.append(f"No retries: {refused_retries} failures in a row (reset-breaker).")
    if refused_closings:
        lines.append(f"No issues are closed: {refused_closings} failures in a row (reset-breaker).")
    lines += [f"At work: {_name(batch, index)}" for index in batch.open_attempts if batch.is_going]
    current = current_feature(batch)
    if current is not None and batch.is_going and not batch.open_attempts:
        lines.append(f"Next: {_name(batch, current)}")
    for failure in batch.failed_features:
        lines.append(f"Failed: {failure.feature_index + 1}. {shorten(failure.error_message, _ERROR)}")
    lines += [f"Held: {index + 1}. {reason}" for index, reason in batch.held.items()]
    return "\n".join(lines)


def after_interruption(batch: Batch) -> str:
    """For the person who has interrupted the batch and now says something."""
    current = current_feature(batch)
    where = f" at {_name(batch, current)}" if current is not None else ""
    return (
        f"The batch was interrupted{where} ({standing(batch)}). It goes on after this answer; "
        "to hold it: /batch-implement --pause"
    )


def _sentence_of(sign: Sign) -> str:
    if sign.asked:
        what = f": {shorten(sign.what, _TITLE)}" if sign.what else ""
        return f"Waiting for your answer in its session: may {sign.asked} be used{what}"
    return "Interrupted: nothing is done until you say something in its session; it goes on then."


def status_data(batch: Batch) -> JsonObject:
    """The same for a program; numbers of features are from 1."""
    current = current_feature(batch)
    pause, wait = batch.pause, current_wait(batch)
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
    }


def history_line(record: JsonMapping) -> str:
    """One record of the journal."""
    about = {key: value for key, value in record.items() if key not in {"sequence", "at", "event", "changes"}}
    return " ".join(
        [str(record["at"]), str(record["event"]), *(f"{key}={value}" for key, value in about.items())]
    )


def batch_line(batch: Batch) -> str:
    return f"{batch.batch_id}: {batch.status}, {standing(batch)}"


def _name(batch: Batch, index: int) -> str:
    return f"{index + 1}. {shorten(batch.features[index].text, _TITLE)}"
