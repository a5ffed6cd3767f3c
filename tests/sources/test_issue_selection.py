"""What may stand after ``--issues``, and a sentence for everything that may not."""

from __future__ import annotations

import pytest

from batch_implement.errors import UsageError
from batch_implement.sources.issue_selection import IssueSelection, parse_issue_selection


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        (["72", "73", "74"], (72, 73, 74)),
        (["72 73 74"], (72, 73, 74)),
        (["#72,73"], (72, 73)),
        (["#72,", "#73"], (72, 73)),
        (["72-74"], (72, 73, 74)),
        (["#72-#74,80"], (72, 73, 74, 80)),
        (["74", "72"], (74, 72)),
        (["72-72"], (72,)),
        (["072"], (72,)),
        (["1-1000"], tuple(range(1, 1001))),
    ],
)
def test_numbers_are_read(arguments: list[str], numbers: tuple[int, ...]) -> None:
    assert parse_issue_selection(arguments) == IssueSelection(numbers)


def test_names_are_read() -> None:
    selection = parse_issue_selection(["--label", "a", "--label=b=c", "--label", "a", "--milestone", " M 1 "])
    assert selection == IssueSelection(labels=("a", "b=c"), milestone="M 1")


def test_closed_issues_may_be_asked_for_anywhere() -> None:
    for arguments in (["--include-closed", "72"], ["72", "--include-closed"]):
        assert parse_issue_selection(arguments) == IssueSelection((72,), include_closed=True)


def test_a_number_named_again_is_reported_and_kept_once() -> None:
    selection = parse_issue_selection(["72", "70-73", "72"])
    assert selection.numbers == (72, 70, 71, 73)
    assert selection.notices == ("Issue #72 is named more than once; it is done once.",)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "No issue is named"),
        (["--include-closed"], "No issue is named"),
        (["", " , "], "No issue is named"),
        (["seventy-two"], "“seventy-two” is not an issue number"),
        (["72-"], "“72-” is not an issue number"),
        (["72-73-74"], "is not an issue number"),
        (["-5"], "“-5” is not an issue number"),
        (["##72"], "is not an issue number"),
        (["72.5"], "is not an issue number"),
        (["other/repo#5"], "“other/repo#5” is not an issue number"),
        (["https://github.com/octo/app/issues/72"], "is not an issue number"),
        (["\uff17\uff12"], "is not an issue number"),
        (["9" * 5000], "is not an issue number"),
        (["\x1b[2J\u202e72"], "“72” is not an issue number"),
        (["0"], "0 can't be an issue number"),
        (["9999999999"], "9999999999 can't be an issue number"),
        (["0-3"], "0 can't be an issue number"),
        (["80-72"], "Write 72-80"),
        (["1-1001"], "More than 1,000 issues"),
        (["1-2000000000"], "More than 1,000 issues"),
        (["5," * 1001], "More than 1,000 issues"),
        (["--lable", "x"], "“--lable” is not an option"),
        (["--label"], "--label needs a name"),
        (["--label", "--milestone", "x"], "--label needs a name"),
        (["--label="], "--label needs a name"),
        (["--milestone", "  "], "--milestone needs a name"),
        (["--label", "x" * 256], "256 characters"),
        (["--milestone", "a", "--milestone", "b"], "stands there twice"),
        (["72", "--label", "x"], "not by both"),
        (["--milestone", "x", "72"], "not by both"),
    ],
)
def test_what_can_not_be_meant_is_refused(arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_issue_selection(arguments)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
