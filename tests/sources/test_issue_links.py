"""What an issue's body says about the issues it waits for."""

from __future__ import annotations

import pytest

from batch_implement.sources.issue_links import linked_issues


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("depends on #72", (72,)),
        ("Depends on: #72", (72,)),
        ("**Depends on:** #72", (72,)),
        ("**Depends on**: #72", (72,)),
        ("This depends on issue #72 being done.", (72,)),
        ("Depends on #72, #73 and #74.", (72, 73, 74)),
        ("Depends on #72 & #73, and GH-74", (72, 73, 74)),
        ("Blocked by #73", (73,)),
        ("is blocked by\t #73", (73,)),
        ("requires #5 and after #6", (5, 6)),
        ("Waiting for #8", (8,)),
        ("needs GH-9", (9,)),
        ("depends on octo/app#72", (72,)),
        ("depends on Octo/App#72", (72,)),
        ("depends on https://github.com/octo/app/issues/72", (72,)),
        ("## Depends on\n\n- #72\n- [x] #73\n\nAlso nice: see #74", (72, 73)),
        ("Dependencies:\n* #72\n* #73", (72, 73)),
        ("### Blocked by\r\n1. #72\r\n", (72,)),
        ("- [ ] #75\n- [x] #76\n* [ ] octo/app#77 the rest", (75, 76, 77)),
        ("- [ ] Issue #75", (75,)),
        ("depends on #72\ndepends on #72", (72,)),
        ("Not only nice, it depends on #72", (72,)),
    ],
)
def test_a_stated_dependency_is_found(body: str, numbers: tuple[int, ...]) -> None:
    assert linked_issues(body, "octo/app") == numbers


@pytest.mark.parametrize(
    "body",
    [
        "",
        "See #72",
        "related to #72",
        "Part of #72",
        "depends on other/repo#5",
        "depends on https://github.com/other/repo/issues/5",
        "depends on https://github.com/octo/app2/issues/5",
        "- [ ] other/repo#5",
        "after login, show #72",
        "after the release (#72)",
        "This does not depend on #72",
        "It doesn't depend on #72",
        "It doesn\u2019t depend on #72",
        "no longer blocked by #72",
        "Not blocked by #72",
        "<!-- e.g. depends on #12 -->",
        "<!-- depends on #12",
        "```\ndepends on #72\n```",
        "~~~ text\n- [ ] #72\n~~~",
        "> depends on #72",
        "depends on #72abc",
        "depends on #0",
        "depends on #72-beta",
        "- #72\n- #73",
        "- [ ] write the test for #72",
        "Depends on\n\nnothing.\n\n- #72",
        "The requirements of #72",
    ],
)
def test_a_mere_mention_is_no_dependency(body: str) -> None:
    assert linked_issues(body, "octo/app") == ()


def test_words_after_a_comment_and_after_code_count_again() -> None:
    body = "<!-- depends on #1 -->\n```\ndepends on #2\n```\ndepends on #3 <!-- #4 --> and requires #5"
    assert linked_issues(body, "octo/app") == (3, 5)
