"""The account of a batch: what was done with which evidence, what was not and why, what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batch_implement.model.progress import execution_order
from batch_implement.presentation.delivery_account import left_to_do, outcome_of
from batch_implement.presentation.prompts import standing
from batch_implement.state.home import BATCHES, report_name, report_path
from batch_implement.system.clock import duration, seconds_between
from batch_implement.system.files.folder import Folder
from batch_implement.system.text.shortening import shorten

if TYPE_CHECKING:
    from batch_implement.engine.project import Project
    from batch_implement.model.progress import Fields

# What Claude is to repeat at the end stays readable; the file has all of it.
_SPOKEN_LIMIT = 6_000
_TITLE = 100
_ERROR = 300


def write_report(project: Project, fields: Fields) -> str:
    """Write the report to ``.claude/batches/<id>.md``; returns it, shortened where it is very long."""
    text = render_report(fields)
    with Folder.open(project.home, *BATCHES, create=True) as folder:
        folder.write(report_name(fields["batch_id"]), text.encode("utf-8", "replace"))
    place = report_path(fields["batch_id"])
    if len(text) <= _SPOKEN_LIMIT:
        return f"{text}\n(This report is in {place}.)"
    return f"{text[:_SPOKEN_LIMIT].rsplit(chr(10), 1)[0]}\n\n… the rest is in {place}."


def render_report(fields: Fields) -> str:
    """Markdown, features in the order they were worked."""
    sections = [
        f"# Batch {fields['batch_id']}: {standing(fields)}",
        _head(fields),
        _section("Done", _done(fields)),
        _section("Failed", _failed(fields)),
        _section("Held", _held(fields)),
        _section("Not begun", _open(fields)),
        _section("To do now", _advice(fields)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(fields: Fields) -> str:
    source = fields["features_file"] or fields.get("source_type", "")
    check = (fields.get("check") or {}).get("command")
    lines = [
        f"From {source}; {fields['status']}; {duration(_elapsed(fields))} in all.",
        f"Checked with: {check}" if check else "No check command was found, so nothing was proven by tests.",
        *(f"Note: {notice}" for notice in fields.get("notices") or ()),
    ]
    if pause := fields.get("pause"):
        lines.append(f"Paused: {pause['reason']}")
    return "\n".join(lines)


def _elapsed(fields: Fields) -> float:
    if not fields.get("created_at") or not fields.get("updated_at"):
        return 0.0
    return seconds_between(fields["created_at"], fields["updated_at"])


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)]) if lines else ""


def _name(fields: Fields, index: int) -> str:
    return f"{index + 1}. {shorten(fields['features'][index], _TITLE)}"


def _done(fields: Fields) -> list[str]:
    done = set(fields["completed_features"])
    evidence, operations = fields.get("evidence") or {}, fields.get("git_operations") or {}
    return [
        f"{_name(fields, index)} — {_proof(evidence.get(str(index), {}), operations.get(str(index), {}))}"
        for index in execution_order(fields)
        if index in done
    ]


def _proof(evidence: dict[str, Any], operations: dict[str, Any]) -> str:
    parts = [f"commit {evidence['commit'][:10]}" if evidence.get("commit") else "not committed"]
    if evidence.get("no_change"):
        parts.append(f"nothing had to change: {evidence['no_change']}")
    if evidence.get("accepted"):
        parts.append(f"WEAKER CHECKS ACCEPTED ({evidence['accepted']}): {'; '.join(evidence['weaker'][:3])}")
    if evidence.get("allowed"):
        parts.append(f"ALLOWED: {'; '.join(evidence['allowed'][:3])}")
    if evidence.get("check"):
        parts.append(f"checks passed{_tests(evidence)}")
    parts += outcome_of(operations)
    if "worked_seconds" in evidence:
        parts.append(duration(evidence["worked_seconds"]))
    return ", ".join(parts)


def _tests(evidence: dict[str, Any]) -> str:
    before, after = evidence.get("tests_before"), evidence.get("tests_after")
    if after is None:
        return ""
    return f" ({after} tests)" if before is None else f" ({before} → {after} tests)"


def _failed(fields: Fields) -> list[str]:
    evidence = fields.get("evidence") or {}
    return [
        f"{_name(fields, record['feature_index'])} — {shorten(record['error_message'], _ERROR)}"
        + _kept(evidence.get(str(record["feature_index"]), {}))
        for record in fields.get("failed_features", ())
    ]


def _kept(evidence: dict[str, Any]) -> str:
    return f" (its work: git switch {evidence['kept_on']})" if evidence.get("kept_on") else ""


def _held(fields: Fields) -> list[str]:
    return [f"{_name(fields, int(index))} — {reason}" for index, reason in (fields.get("held") or {}).items()]


def _open(fields: Fields) -> list[str]:
    closed = set(fields["completed_features"]) | {int(index) for index in fields.get("held") or {}}
    closed |= {record["feature_index"] for record in fields.get("failed_features", ())}
    return [_name(fields, index) for index in execution_order(fields) if index not in closed]


def _advice(fields: Fields) -> list[str]:
    advice = []
    if fields.get("failed_features"):
        advice.append(
            "Look at why features failed, then put them into a new features file, "
            "more precisely or smaller, and run /batch-implement with it."
        )
    advice += left_to_do(fields)
    if not fields.get("check"):
        advice.append("Set BATCH_VERIFY_COMMAND in .env, so that the next batch can prove its work.")
    return advice
