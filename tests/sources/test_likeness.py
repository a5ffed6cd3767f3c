"""Features that are one thing written twice are told; what differs in one sign of meaning is not."""

from __future__ import annotations

import pytest

from batch_implement.sources.likeness import near_duplicates


@pytest.mark.parametrize(
    "again", ["add a login form.", "Add the login form", "ADD LOGIN FORM!", "**Add** a “login form”"]
)
def test_capitals_articles_and_a_full_stop_make_no_other_feature(again: str) -> None:
    [told] = near_duplicates(["Add a login form", "Add roles", again])
    assert told.startswith(f"Features 1 and 3 read almost the same (“Add a login form”, “{again}”)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Support C", "Support C++"),
        ("Support C++", "Support C#"),
        ("Add --all", "Add all"),
        ("Add login", "Add logout"),
        ("Add retries (2)", "Add retries (3)"),
    ],
)
def test_what_means_something_else_is_not_told(one: str, other: str) -> None:
    assert near_duplicates([one, other]) == ()


def test_of_many_groups_a_few_are_named() -> None:
    texts = [text for number in range(9) for text in (f"Add page {number}", f"add page {number}.")]
    *named, more = near_duplicates(texts)
    assert len(named) == 3
    assert more == "6 more groups read almost the same."
