"""Results as they are kept in a file, and as they are read from one."""

from __future__ import annotations

from typing import Any

from batch_implement.proof.results.outcome import NamedTest, Results, TestOutcome


def to_json(results: Results) -> dict[str, Any]:
    """Names by outcome, so that an outcome is written once and not with each of thousands of tests."""
    names: dict[str, list[str]] = {}
    for test in results.tests:
        names.setdefault(test.outcome.value, []).append(test.name)
    return {
        "tests": names,
        "counted": {outcome.value: number for outcome, number in results.counted},
        "cut_off": results.cut_off,
        "missing": [*results.missing],
    }


def from_json(fields: dict[str, Any]) -> Results:
    """Raises :class:`ValueError`, :class:`KeyError`, :class:`TypeError` or :class:`AttributeError` for what
    :func:`to_json` did not make."""
    return Results(
        tests=tuple(
            NamedTest(str(name), TestOutcome(outcome))
            for outcome, names in fields["tests"].items()
            for name in names
        ),
        counted=tuple((TestOutcome(outcome), int(number)) for outcome, number in fields["counted"].items()),
        cut_off=str(fields["cut_off"]),
        missing=tuple(map(str, fields["missing"])),
    )
