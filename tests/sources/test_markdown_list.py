"""A Markdown file is read as a person sees it: its bullets are features, and nothing else is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_implement.errors import PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH
from batch_implement.sources.features_file import read_features_files
from batch_implement.sources.issue_body import BODY_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.sources.base import FeatureSource

NAME = "features.md"
FURTHER = ("Reset", "Roles", "Teams")


def _read(root: Path, content: str, name: str = NAME) -> FeatureSource:
    (root / name).write_text(content)
    return read_features_files(root, [name])


def _texts(root: Path, content: str, name: str = NAME) -> list[str]:
    return [feature.text for feature in _read(root, content, name).features]


def _refusal(root: Path, content: str) -> str:
    with pytest.raises(PlanError) as caught:
        _read(root, content)
    return str(caught.value)


@pytest.mark.parametrize(
    "between",
    [
        "# Heading",
        "Heading\n=======",
        "Heading\n-------",
        "Some prose about it,\nof two lines.",
        "| feature | size |\n|---|---|\n| - Add roles | 3 |",
        "feature | size\n--- | ---\nAdd roles | 3",
        "> - Add roles",
        "```\n- Add roles\n```",
        "~~~~ text\n- Add roles\n~~~\n- Add teams\n~~~~",
        "# Code\n\n    - Add roles",
        "<!-- - Add roles -->",
        "<!--\n- Add roles\n\n- Add teams\n-->",
        "<details>\n<summary>More</summary>\n</details>",
        "* * *",
        "---",
    ],
)
def test_what_is_no_bullet_is_no_feature(tmp_path: Path, between: str) -> None:
    source = _read(tmp_path, f"- Add login\n\n{between}\n\n- Add logout\n")
    assert [(feature.text, feature.body) for feature in source.features] == [
        ("Add login", ""),
        ("Add logout", ""),
    ]


@pytest.mark.parametrize(
    ("content", "features"),
    [
        ("* Log in\n+ Log out\n1. Reset\n2) Roles\n- [ ] Teams", ["Log in", "Log out", *FURTHER]),
        ("- Add login\n  with a form\nand a link\n- Reset", ["Add login with a form and a link", "Reset"]),
        ("- Add login <!-- soon --> form\n- Read `<!--` too", ["Add login form", "Read `<!--` too"]),
        ("- [x] Add login\n  - with a form\n- Add logout", ["Add logout"]),
        ("- Add login\n  - (after: 2)\n- Add logout", ["Add login (after: 2)", "Add logout"]),
        ("---\ntitle: ours\ntags:\n- web\n---\n- Add login", ["Add login"]),
        ("- Add login\n - Add logout", ["Add login", "Add logout"]),
        ("-\n- ---\n- Add login", ["Add login"]),
        ("- Add login\n# Later\n- Add logout", ["Add login", "Add logout"]),
        ("- #72 Fix the login\n- `1.2` is shown", ["#72 Fix the login", "`1.2` is shown"]),
    ],
)  # fmt: skip
def test_a_bullet_is_a_feature(tmp_path: Path, content: str, features: list[str]) -> None:
    assert _texts(tmp_path, content) == features
    assert _texts(tmp_path, content.replace("\n", "\r\n")) == features


@pytest.mark.parametrize(
    ("below", "body"),
    [
        ("  - by e-mail\n  - [x] by name", "- by e-mail\n- [x] by name"),
        ("\n  A second paragraph\n  of it.", "A second paragraph\nof it."),
        ("  ```sh\n  - login --all\n  ```", "```sh\n- login --all\n```"),
        ("  ```\n- not indented\n  ```", "```\n- not indented\n```"),
        ("  > quoted", "> quoted"),
        ("\t- with a tab\n\t\t- and another", "- with a tab\n    - and another"),
        ("  - one\n\n  - two", "- one\n\n- two"),
    ],
)
def test_what_is_indented_below_a_bullet_belongs_to_it(tmp_path: Path, below: str, body: str) -> None:
    source = _read(tmp_path, f"- Add login\n{below}\n- Add logout\n")
    assert [(feature.text, feature.body) for feature in source.features] == [
        ("Add login", body),
        ("Add logout", ""),
    ]


def test_what_is_nested_below_a_number_needs_only_two_blanks(tmp_path: Path) -> None:
    [feature] = _read(tmp_path, "1. Add login\n  - by e-mail\n").features
    assert (feature.text, feature.body) == ("Add login", "- by e-mail")


def test_what_was_passed_over_is_told_with_its_lines(tmp_path: Path) -> None:
    [told] = _read(tmp_path, "# Ours\n\nProse.\n\n- Add login\n\n```\nx\n```\n\nMore.\n").notices
    assert told == (
        "features.md is read as Markdown: each bullet is a feature, and what is indented below it belongs "
        "to it. Passed over: 1 heading (line 1), 2 paragraphs (line 3, 11), 1 code block (line 7)."
    )


def test_a_list_and_nothing_else_needs_no_words(tmp_path: Path) -> None:
    assert _read(tmp_path, "- Add login\n- Add logout\n").notices == ()


def test_every_feature_knows_its_line(tmp_path: Path) -> None:
    features = _read(tmp_path, "# Ours\n\n- Add login\n  - x\n- Add logout\n").features
    assert [feature.origin for feature in features] == ["features.md:3", "features.md:5"]


def test_lines_without_any_markdown_are_a_plain_list_under_whatever_name(tmp_path: Path) -> None:
    assert _texts(tmp_path, "Add login\nAdd logout\n") == ["Add login", "Add logout"]


@pytest.mark.parametrize("name", ["FEATURES.MD", "todo.markdown", "todo", "todo.list"])
def test_markdown_is_known_by_its_name_or_its_look(tmp_path: Path, name: str) -> None:
    assert _texts(tmp_path, "## Ours\n- Add login\n  - by e-mail\n", name) == ["Add login"]


def test_a_text_file_is_read_line_by_line_and_says_where_it_looks_like_markdown(tmp_path: Path) -> None:
    source = _read(tmp_path, "- Add login\n  - by e-mail\n", "features.txt")
    assert [feature.text for feature in source.features] == ["Add login", "by e-mail"]
    [told] = source.notices
    assert told.startswith("features.txt is read as one feature a line, line 2 and what follows too.")
    assert _read(tmp_path, "  - Add login\n  - Add logout\n", "features.txt").notices == ()


# --- plans ------------------------------------------------------------------------------------------

PLAN = """# The plan

## Phase 1: Base
1.1 Add a table
- [x] 1.2 Add a key

Why: they need it.

## Phase 2 - Pages
1. Add a page
2. Add a form

## Notes
1.5 is the version we have.
"""


def test_the_tasks_of_a_plan_in_phases_are_features_in_their_order(tmp_path: Path) -> None:
    source = _read(tmp_path, PLAN)
    assert [(feature.text, feature.phase) for feature in source.features] == [
        ("1.1 Add a table", "Phase 1: Base"),
        ("Add a page", "Phase 2 - Pages"),
        ("Add a form", "Phase 2 - Pages"),
    ]
    assert source.keeps_order
    assert any(
        notice.startswith(
            "features.md is a plan in phases (“Phase 1: Base” at line 3, “Phase 2 - Pages” at line 9): its "
            "tasks are taken as features, in the order in which they stand"
        )
        for notice in source.notices
    )


def test_one_phase_alone_is_no_plan(tmp_path: Path) -> None:
    source = _read(tmp_path, "## Phase 1\n- Add login\n")
    assert not source.keeps_order
    assert not any("plan" in notice for notice in source.notices)


# --- refusals ---------------------------------------------------------------------------------------


def test_a_code_block_without_an_end_is_refused_with_its_line(tmp_path: Path) -> None:
    assert _refusal(tmp_path, "- Add login\n\n````\nx\n```\n- Add logout\n") == (
        "features.md, line 3: the code block that begins here has no end, so nothing below it would be read. "
        "Write ```` where it ends."
    )


def test_a_comment_without_an_end_is_refused_with_its_line(tmp_path: Path) -> None:
    message = _refusal(tmp_path, "- Add login\n<!-- later\n- Add logout\n")
    assert message.startswith("features.md, line 2: the comment that begins here has no end")


def test_prose_without_a_bullet_is_refused_with_how_to_write_it(tmp_path: Path) -> None:
    message = _refusal(tmp_path, "# Ours\n\nAdd login\nAdd logout\n")
    assert "it is Markdown without a bullet" in message
    assert "“- Add a login form” (line 3 is none)" in message


def test_a_bullet_that_is_too_long_is_refused_with_its_line(tmp_path: Path) -> None:
    message = _refusal(tmp_path, f"# Ours\n- {'x' * (MAX_FEATURE_LENGTH + 1)}\n")
    assert message.startswith("features.md, line 2: the feature has 10,001 characters")


def test_long_details_are_cut_and_say_where_the_rest_is(tmp_path: Path) -> None:
    [feature] = _read(tmp_path, f"- Add login\n  - {'x' * BODY_LIMIT}\n").features
    assert len(feature.body) == BODY_LIMIT
    assert feature.body.endswith("[Cut here. The whole text: features.md:1]")


_WRITTEN = "- a|  - b|1. c|```|~~~|    d|# e|<!--|-->|> f|---|===||h|\t- i|feature | size"
_LINES = st.sampled_from(_WRITTEN.split("|"))
_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.one_of(_LINES, st.text(_LETTERS, max_size=8)), max_size=20))
def test_any_lines_give_features_or_a_sentence(tmp_path: Path, lines: list[str]) -> None:
    try:
        features = _read(tmp_path, "\n".join(lines)).features
    except PlanError as error:
        _names_the_file(error)
        return
    texts = [feature.text for feature in features]
    assert all(texts)
    assert texts == [" ".join(text.split()) for text in texts]


def _names_the_file(error: PlanError) -> None:
    assert str(error).startswith(NAME)
