"""The account of a batch: what was done with which evidence, what was not and why, what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_implement.model.evidence import Evidence
from batch_implement.oversight.rests import rested_seconds, worked_seconds
from batch_implement.presentation.delivery_account import left_to_do, outcome_of
from batch_implement.presentation.pauses import reason_of
from batch_implement.presentation.proof_account import EXEMPT, changed_expectations, to_look_at
from batch_implement.presentation.standing import counted, source_of, standing, state_of
from batch_implement.state.home import BATCHES, report_name, report_path
from batch_implement.system.clock import duration
from batch_implement.system.files.folder import Folder
from batch_implement.system.text.cleaning import code_span, markdown_text, one_line
from batch_implement.system.text.shortening import some_of

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.model.batch import Batch

# What Claude is to repeat at the end stays readable; the file has all of it.
_SPOKEN_LIMIT = 6_000
_TITLE = 100
_ERROR = 600
_SAID = 600
_NOTICE = 1_000
_SHOWN = 3
_RESTED = {"paused": "paused", "waiting": "of waiting", "away": "without a session"}
_NOTHING_KNOWN = Evidence()


def write_report(home: Path, batch: Batch) -> None:
    """Write the report beside the past batches."""
    with Folder.open(home, *BATCHES, create=True) as folder:
        folder.write(report_name(batch.batch_id), render_report(batch).encode("utf-8", "replace"))


def spoken_report(batch: Batch) -> str:
    """The report, shortened where it is very long, and where all of it is."""
    text = render_report(batch)
    place = report_path(batch.batch_id)
    if len(text) <= _SPOKEN_LIMIT:
        return f"{text}\n(This report is in {place}.)"
    return f"{text[:_SPOKEN_LIMIT].rsplit(chr(10), 1)[0]}\n\n… the rest is in {place}."


def render_report(batch: Batch) -> str:
    """Markdown, features in the order they were worked."""
    sections = [
        f"# Batch {batch.batch_id}: {standing(batch)}",
        "\n".join(f"- {line}" for line in _head(batch)),
        _section("Needs you", _needs(batch)),
        changed_expectations(batch),
        _section("For you to look at", to_look_at(batch)),
        _section("Found by a reviewer and not mended", _found(batch)),
        _section("Done", _done(batch)),
        _section("Failed", _failed(batch)),
        _section("Held", _held(batch)),
        _section("Not begun", [_name(batch, index) for index in batch.left]),
        _section("To do now", _advice(batch)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(batch: Batch) -> list[str]:
    source = markdown_text(source_of(batch.features_file, batch.source_type), _ERROR)
    check = batch.check.command if batch.check is not None else ""
    lines = [
        f"From {source}; {state_of(batch)}; {_time(batch)}.",
        f"Checked with {code_span(check, _ERROR)}"
        if check
        else "No check command was found, so nothing was proven by tests.",
        *(f"Note: {markdown_text(notice, _NOTICE)}" for notice in batch.notices),
    ]
    if batch.pause is not None:
        lines.append(f"Paused: {markdown_text(reason_of(batch.pause, in_short=True), _NOTICE)}")
    return lines


def _time(batch: Batch) -> str:
    """How long it was worked, and by name what was no work."""
    if not batch.created_at or not batch.updated_at:
        return duration(0.0)
    worked = worked_seconds(batch, batch.created_at, batch.updated_at)
    rested = ", ".join(
        f"{duration(seconds)} {_RESTED[kind]}"
        for kind, seconds in rested_seconds(batch).items()
        if seconds >= 1
    )
    return f"{duration(worked)} of work{f' (and {rested})' if rested else ''}"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)]) if lines else ""


def _name(batch: Batch, index: int) -> str:
    # Bold, as a bullet that goes on with "1." is a list within a list.
    return f"**{index + 1}.** {markdown_text(batch.features[index].text, _TITLE)}"


def _needs(batch: Batch) -> list[str]:
    """What can't be done from here, and what a person has to do."""
    return [
        f"{_name(batch, index)} — {markdown_text(evidence.needs, _ERROR)}"
        for index, evidence in batch.evidence.items()
        if evidence.needs
    ]


def _found(batch: Batch) -> list[str]:
    return [
        f"{_name(batch, index)} — {code_span(line, _SAID)}"
        for index, evidence in batch.evidence.items()
        for line in evidence.found
    ]


def _done(batch: Batch) -> list[str]:
    done = frozenset(batch.completed_features)
    return [
        f"{_name(batch, index)} — {_proof(batch, index)}{_said(batch, index)}"
        for index in batch.order
        if index in done
    ]


def _said(batch: Batch, index: int) -> str:
    """What its worker decided, as a paragraph of the list's line."""
    said = one_line(batch.evidence.get(index, _NOTHING_KNOWN).said, _SAID)
    return f"\n  It says: {code_span(said, _SAID)}" if said else ""


def _proof(batch: Batch, index: int) -> str:
    evidence = batch.evidence.get(index, _NOTHING_KNOWN)
    parts = [f"commit {evidence.commit[:10]}" if evidence.commit else "not committed"]
    if evidence.no_change:
        parts.append("nothing was changed")
    if evidence.accepted:
        weaker = f"({evidence.accepted}): {'; '.join(evidence.weaker[:_SHOWN])}"
        parts.append(f"WEAKER CHECKS ACCEPTED {markdown_text(weaker, _NOTICE)}")
    if evidence.allowed:
        parts.append(f"ALLOWED: {markdown_text('; '.join(evidence.allowed[:_SHOWN]), _NOTICE)}")
    if evidence.remade:
        parts.append(f"made again from {', '.join(commit[:10] for commit in evidence.remade[:_SHOWN])}")
    if evidence.check:
        parts.append(f"checks passed{_tests(evidence)}")
    if evidence.shown_by:
        parts.append(f"shown by {evidence.shown_by[0]}")
    elif evidence.kind in EXEMPT:
        parts.append(f"{EXEMPT[evidence.kind]}, which needs no test of its own")
    if evidence.by_reading and evidence.check:
        parts.append(f"tests compared by their lines only ({evidence.by_reading})")
    if evidence.gone:
        parts.append(f"gone, though their old versions pass: {some_of(evidence.gone, _SHOWN)}")
    if evidence.reviewed is not None:
        parts.append("reviewed" if evidence.reviewed else "NOT REVIEWED: no reviewer answered")
    parts += outcome_of(batch.git_operations.get(index, {}))
    if evidence.worked_seconds is not None:
        parts.append(duration(evidence.worked_seconds))
    return ", ".join(parts)


def _tests(evidence: Evidence) -> str:
    before, after = evidence.tests_before, evidence.tests_after
    if after is None:
        return ""
    now = counted(after, "test")
    return f" ({now})" if before is None else f" ({before} → {now})"


def _failed(batch: Batch) -> list[str]:
    lines = []
    for failure in batch.failed_features:
        kept_on = batch.evidence.get(failure.feature_index, _NOTHING_KNOWN).kept_on
        kept = f" (its work: `git switch {kept_on}`)" if kept_on else ""
        why = markdown_text(failure.error_message, _ERROR)
        lines.append(
            f"{_name(batch, failure.feature_index)} — {why}{kept}{_said(batch, failure.feature_index)}"
        )
    return lines


def _held(batch: Batch) -> list[str]:
    return [
        f"{_name(batch, index)} — {markdown_text(reason, _ERROR)}" for index, reason in batch.held.items()
    ]


def _advice(batch: Batch) -> list[str]:
    advice = []
    failed = [failure.feature_index for failure in batch.failed_features]
    if any(not batch.evidence.get(index, _NOTHING_KNOWN).needs for index in failed):
        advice.append(
            "Look at why features failed, then have them tried again, and with them what was held: "
            "`/batch-implement --resume --failed`."
        )
    elif batch.held:
        advice.append("Have what was held worked all the same: `/batch-implement --resume --held`.")
    advice += left_to_do(batch)
    if batch.check is None:
        advice.append("Set `BATCH_VERIFY_COMMAND` in `.env`, so that the next batch can prove its work.")
    return advice
