"""A person names one file, several, a pattern, or writes a sentence instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_implement.errors import PathError, PlanError, UsageError
from batch_implement.sources.features_file import read_features_files
from batch_implement.sources.file_names import MAX_FILES, named_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with three lists below ``plans``."""
    plans = tmp_path / "project/plans"
    plans.mkdir(parents=True)
    (plans / "2.txt").write_text("Add login\nAdd logout (after: 1)\n")
    (plans / "10.txt").write_text("Add roles\n\nAdd login\nAdd teams (after: 1)\n")
    (plans / "done.md").write_text("- [x] Add search\n")
    return tmp_path / "project"


def _files(root: Path, *names: str) -> list[str]:
    return named_files(root, root, names)


def test_a_pattern_names_its_files_in_the_order_of_their_numbers(root: Path) -> None:
    assert _files(root, "plans/*.txt") == ["plans/2.txt", "plans/10.txt"]
    assert _files(root, "**/*.md") == ["plans/done.md"]


def test_files_keep_the_order_given_and_each_is_read_once(root: Path) -> None:
    assert _files(root, "plans/10.txt", "plans/*.txt", "./plans/10.txt") == ["plans/10.txt", "plans/2.txt"]


def test_the_clients_at_sign_is_no_part_of_a_name(root: Path) -> None:
    assert _files(root, "@plans/2.txt") == ["plans/2.txt"]
    assert _files(root, "@plans/*.txt") == ["plans/2.txt", "plans/10.txt"]
    (root / "@odd.txt").write_text("Add login\n")
    assert _files(root, "@odd.txt") == ["@odd.txt"]


def test_a_name_with_brackets_is_a_name_where_there_is_such_a_file(root: Path) -> None:
    (root / "list[1].txt").write_text("Add login\n")
    assert _files(root, "list[1].txt") == ["list[1].txt"]


def test_a_pattern_that_fits_nothing_is_refused(root: Path) -> None:
    with pytest.raises(PlanError, match=r"^none/\*\.txt fits no file in "):
        _files(root, "none/*.txt")


@pytest.mark.parametrize("pattern", ["/**", "../*.txt", "/etc/*"])
def test_a_pattern_outside_the_project_is_refused_unread(root: Path, pattern: str) -> None:
    with pytest.raises(PathError, match="outside the project"):
        _files(root, pattern)


def test_a_pattern_that_fits_too_many_files_is_refused(root: Path) -> None:
    for number in range(MAX_FILES + 1):
        (root / f"{number}.txt").write_text("Add login\n")
    with pytest.raises(PlanError, match="More than 100 files"):
        _files(root, "*.txt")


@pytest.mark.parametrize(
    "typed", [("add a login form",), ("add", "a", "login", "form"), ("add  a login\nform",)]
)
def test_a_sentence_is_told_where_it_belongs(root: Path, typed: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        _files(root, *typed)
    assert str(caught.value).startswith(
        '“add a login form” is no file. To have this one feature implemented: /auto-implement "add a login '
        'form".'
    )


def test_a_name_with_blanks_is_no_sentence(root: Path) -> None:
    (root / "my list").write_text("Add login\n")
    assert _files(root, "my list") == ["my list"]


# --- the features of several ------------------------------------------------------------------------


def test_the_features_of_all_come_in_order_and_know_where_they_stand(root: Path) -> None:
    source = read_features_files(root, ["plans/*.txt"])
    assert [(feature.text, feature.origin) for feature in source.features] == [
        ("Add login", "plans/2.txt:1"),
        ("Add logout (after: 1)", "plans/2.txt:2"),
        ("Add roles", "plans/10.txt:1"),
        ("Add teams (after: 1)", "plans/10.txt:4"),
    ]
    assert source.features_file == "plans/2.txt, plans/10.txt"
    assert source.files == ("plans/2.txt", "plans/10.txt")


def test_what_stands_in_two_files_is_told(root: Path) -> None:
    assert read_features_files(root, ["plans/*.txt"]).notices == (
        "Features given twice are kept once (plans/10.txt line 3).",
    )


def test_a_file_with_nothing_open_is_passed_over_beside_others(root: Path) -> None:
    source = read_features_files(root, ["plans/done.md", "plans/2.txt"])
    assert len(source.features) == 2
    assert source.notices == (
        "plans/done.md holds no feature to implement: the only one is ticked off.",
        "1 ticked off already and left out.",
    )


def test_several_files_with_nothing_open_are_refused_by_name(root: Path) -> None:
    (root / "empty.txt").write_text("# nothing\n")
    with pytest.raises(PlanError) as caught:
        read_features_files(root, ["plans/done.md", "empty.txt"])
    assert "plans/done.md holds no feature" in str(caught.value)
    assert "empty.txt holds no feature" in str(caught.value)
