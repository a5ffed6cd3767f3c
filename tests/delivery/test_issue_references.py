"""A text closes an issue only when it says so; a mention closes nothing."""

from __future__ import annotations

import pytest

from batch_implement.delivery.issue_references import closing_issue


@pytest.mark.parametrize(
    "text",
    [
        # the documented examples
        "Add JWT validation (fixes #72)",
        "Implement password reset (closes #72)",
        "#72",
        "closes #72",
        "issue 72",
        "GH-72",
        # inflections and writing
        "Close #72",
        "closed: #72",
        "Closes: #72 and adds a test",
        "closing #72",
        "fix #72",
        "Fixed #72.",
        "fixing GH-72",
        "FIXES #72",
        "resolve #72",
        "resolves issue #72",
        "Resolved issue 72",
        "resolving gh-72, at last",
        "fix: resolves #72",
        "fix(auth): closes #72 (see #71)",
        "closes  #72",
        "Not only nice: it also closes #72",
        # named
        "Issue #72: Add login",
        "Issue 72: Add login",
        "Implement issue 72",
        "Add login (issue 72)",
        "Add login (GH-72)",
        "GH-72 add login",
        # at the end
        "Add login (#72)",
        "Add login (#72).",
        "Add login [#72]",
        "Add login #72",
        "Add login, #71 stays open. #72",
        "Add login for #72",
        "(#72)",
        "See the docs. Fixes #72",
    ],
)
def test_the_issue_that_is_closed_is_found(text: str) -> None:
    assert closing_issue(text) == 72


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Add login",
        # the documented counter-example, and its kin
        "Add email notifications (related to #74)",
        "Add mail, see #74",
        "Add mail (see #74)",
        "Add mail (see also #74)",
        "Add mail (cf. #74)",
        "Add mail (part of #74)",
        "Add mail, refs #74",
        "ref #74",
        "re: #74",
        "Relates to issue 74",
        "Add mail (like GH-74)",
        "As described in issue 74, add mail",
        "Follow-up to #74",
        "Depends on #74",
        "Blocked by GH-74",
        "Requires issue 74",
        "after #74",
        "Reverts #74",
        "duplicate of #74",
        # taken back
        "Does not fix #74",
        "doesn't fix #74",
        "doesn\u2019t close #74",
        "will never resolve #74",
        "partially fixes #74",
        # in the middle, several, or no issue at all
        "Show #74 first in the list",
        "Rank it as #1",
        "Add mail (#73, #74)",
        "Fix colour #123abc",
        "Fix heading #0",
        "closes #0",
        "closes #74abc",
        "closes #74-beta",
        "closes #7.5",
        "Support C#8",
        "Update to v1.2#3",
        "issue-tracker 5",
        "tissue 74",
        "prefix #74 numbers with zero",
        "postfixes #74 with dots",
        "closes #9999999999",
        # of another repository
        "closes other/repo#74",
        "other/repo#74",
        "Add mail (other/repo#74)",
        "fixes https://github.com/other/repo/issues/74",
        "https://github.com/other/repo/issues/74#issuecomment-5",
        "closes other/repo/#74",
        "closes \u2460\uff03\uff17",
    ],
)
def test_a_mention_closes_nothing(text: str) -> None:
    assert closing_issue(text) is None


def test_a_closing_word_wins_over_a_reference_at_the_end() -> None:
    assert closing_issue("Fixes #72, as in the old plan #5") == 72


def test_the_first_of_several_closed_issues_is_taken() -> None:
    assert closing_issue("closes #72, closes #73") == 72


@pytest.mark.parametrize("unit", ["fix", "fixes ", "closes #", "issue ", "#", "gh-", "( ", "a.", "not ", "1"])
def test_a_very_long_text_is_read_in_bounded_work(unit: str) -> None:
    assert closing_issue(unit * (100_000 // len(unit))) is None
