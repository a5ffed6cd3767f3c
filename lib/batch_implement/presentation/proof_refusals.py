"""Why a feature whose check passes is not done all the same, and how to go on."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from batch_implement.model import refusals as why
from batch_implement.presentation.git_refusals import listed
from batch_implement.system.text.shortening import shorten
from batch_implement.workspace.changes import name_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch_implement.model.named_tests import OpenTest

_SHOWN = 12
_LINE = 200
_LINES_OF_ONE = 8
_BECAME = {
    "": "does not run on the new code as it was",
    "failed": "fails on the new code as it was",
    "error": "fails on the new code as it was",
    "skipped": "is skipped now",
    "expected failure": "is expected to fail now",
    "unexpected pass": "is expected to fail now",
}
_LET_GIT_SEE = (
    "Let git see what it was told not to: git update-index --no-skip-worktree --no-assume-unchanged PATH, or "
    "git sparse-checkout disable."
)
_FOR_A_PERSON = (
    "In this project a person decides about that (BATCH_CHANGED_TESTS=hold), in a terminal outside of Claude "
    "Code: batch-implement done {} --accept-weaker 'why'"
)


def proof_refusal(
    refusal: why.ChangedTests | why.ShownByNoTest | why.TreeFails | why.WeakerChecks,
) -> str:
    match refusal:
        case why.WeakerChecks():
            return _weaker_checks(refusal)
        case why.ChangedTests():
            return _changed_tests(refusal)
        case why.ShownByNoTest():
            return (
                f"Feature {refusal.number} is not done: no test fails without it, and BATCH_REQUIRE_TEST "
                "asks for one. Add a test that shows what it does, then run done again."
            )
        case why.TreeFails():
            return _tree_fails(refusal)


def _tree_fails(refusal: why.TreeFails) -> str:
    """What only the working files have, the tests that need it, and what the check printed without it."""
    apart = (*(f"{name_paths([path])} (git ignores it)" for path in refusal.apart), *refusal.hidden)
    lines = [
        f"Feature {refusal.number} is not done: {refusal.command} passes here, and not in a checkout of what "
        f"would be committed, which has none of this:\n{listed(apart)}"
    ]
    if refusal.tests:
        lines.append(f"These tests pass only here:\n{listed(refusal.tests)}")
    seen = f" {_LET_GIT_SEE}" if refusal.hidden else ""
    lines.append(
        "Of what you made, git add --force what belongs to the feature, and make it work without the rest."
        f"{seen} Then run done again."
    )
    return "\n".join([*lines, f"The check there printed:\n{refusal.output}"])


def _changed_tests(refusal: why.ChangedTests) -> str:
    """Each test with its old and new lines, and the ways to go on."""
    number = refusal.number
    lines = [f"Feature {number} is not done: what passed before it does not pass on its code."]
    lines += _told(refusal.tests, "test")
    if refusal.files:
        lines.append("Without the changes of these files the check fails on the new code, or has more tests:")
        lines += _told(refusal.files, "")
    lines.append("Mend the code where the old tests are right.")
    first = (*refusal.tests, *refusal.files)[:1]
    example = _without_row(first[0].name) if first else "TEST"
    return "\n".join([*lines, *_ways_on(number, refusal.handling, example)])


def _weaker_checks(refusal: why.WeakerChecks) -> str:
    example = refusal.lines[0].partition(":")[0] if refusal.lines else "FILE"
    lines = [
        f"Feature {refusal.number} is not done: its checks would say less than before.",
        listed(refusal.lines),
        "Put back what the feature does not ask for, then run done again.",
    ]
    return "\n".join([*lines, *_ways_on(refusal.number, refusal.handling, example)])


def _ways_on(number: int, handling: str, example: str) -> list[str]:
    """Without a person, where the project leaves it to who implements."""
    give_up = f"Or give it up: batch-implement fail {number} --error 'why'"
    if handling == "refuse":
        return [give_up]
    if handling == "hold":
        return [_FOR_A_PERSON.format(number), give_up]
    return [
        "Where the feature itself asks for another result, or removes what they test, say so in the same "
        f"command, once for each test, file or pattern of names: batch-implement done {number} --changes "
        f"'{example}: why'. It stands at the top of the report.",
        give_up,
    ]


def _without_row(name: str) -> str:
    """Who names a test with parameters means all of its rows."""
    return name.partition("[")[0] if name.endswith("]") else name


def _told(tests: Sequence[OpenTest], what: str) -> list[str]:
    """Lines that several tests in a row have in common stand behind the last of them."""
    lines: list[str] = []
    for test, following in zip_longest(tests[:_SHOWN], tests[1:_SHOWN]):
        became = f" {_BECAME.get(test.became, test.became)}" if what else ""
        lines.append(f"- {shorten(test.name, _LINE)}{became}")
        if following is None or following.lines != test.lines:
            lines += [f"    {shorten(line, _LINE)}" for line in test.lines[:_LINES_OF_ONE]]
    if len(tests) > _SHOWN:
        lines.append(f"- and {len(tests) - _SHOWN} more")
    return lines
