"""A features file is read as people write lists; what can't be read is refused with its name and line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_implement.errors import BatchImplementError, PathError, PlanError
from batch_implement.model.feature import MAX_FEATURE_LENGTH, MAX_FEATURES
from batch_implement.sources.features_file import read_features_files

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.sources.base import FeatureSource

NAME = "features.txt"


def read_features_file(root: Path, name: str, *, folder: Path | None = None) -> FeatureSource:
    return read_features_files(root, [name], folder=folder)


def _read(root: Path, content: str | bytes) -> FeatureSource:
    (root / NAME).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_features_file(root, NAME)


def _texts(root: Path, content: str | bytes) -> list[str]:
    return [feature.text for feature in _read(root, content).features]


def _refusal(root: Path, content: str | bytes) -> str:
    with pytest.raises(PlanError) as caught:
        _read(root, content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "features"),
    [
        ("Add login\nAdd logout\n", ["Add login", "Add logout"]),
        ("Add login\n\n\n  \nAdd logout", ["Add login", "Add logout"]),
        ("- Log in\n* Log out\n+ Reset\n• Roles", ["Log in", "Log out", "Reset", "Roles"]),
        ("1. Add login\n2) Add logout\n10. Add reset", ["Add login", "Add logout", "Add reset"]),
        ("-\tAdd login\n1.\tAdd logout", ["Add login", "Add logout"]),
        ("- [ ] Add login\n* [ ] Add logout\n1. [ ] Add reset", ["Add login", "Add logout", "Add reset"]),
        ("[ ] Add login\n[x] Add logout", ["Add login"]),
        # What only looks like a bullet, a number or a box belongs to the feature.
        ("-1 is a valid index\n2.5 times faster start\n*bold* names", None),
        ("2FA for everyone\n3 retries, then give up\n1.2.3 is the next version", None),
        ("[ ]no box\n[y] no box either\n--verbose prints more", None),
        # A whole list that is indented is still a list.
        ("  - Add login\n  - Add logout", ["Add login", "Add logout"]),
        ("Add login\n  with a form\n\tand a link\nLogout", ["Add login with a form and a link", "Logout"]),
        ("- [ ] Add login\n      with a form\n- [ ] Add logout", ["Add login with a form", "Add logout"]),
        ("   Add login\n   Add logout", ["Add login Add logout"]),
        ("Add login\n\n  Indented after a blank line", ["Add login", "Indented after a blank line"]),
        ("# Sprint 12\nAdd login\n# later:\n# Add roles\nAdd logout", ["Add login", "Add logout"]),
        ("## Heading\n#no blank needed\nAdd login", ["Add login"]),
        ("Add login\n  # why: the audit\n  with a form", ["Add login with a form"]),
        ("Add login # not a comment here", ["Add login # not a comment here"]),
        ("#72 Fix the login\n- #73 Fix the logout", ["#72 Fix the login", "#73 Fix the logout"]),
        ("Add   login\twith  tabs", ["Add login with tabs"]),
        ("Grüße, 世界 und 👩\u200d💻", ["Grüße, 世界 und 👩\u200d💻"]),
    ],
)  # fmt: skip
def test_a_list_is_read_as_a_person_wrote_it(
    tmp_path: Path, content: str, features: list[str] | None
) -> None:
    assert _texts(tmp_path, content) == (content.split("\n") if features is None else features)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_of_any_editor_make_no_difference(
    tmp_path: Path, end: str, mark: str
) -> None:
    text = mark + end.join(
        ["# list", "- [ ] Add login", "  with a form", "", "- [x] Add roles", "Add logout", ""]
    )
    source = _read(tmp_path, text)
    assert [feature.text for feature in source.features] == ["Add login with a form", "Add logout"]
    assert source.notices == ("1 ticked off already and left out.",)


def test_a_line_without_a_letter_or_a_number_is_no_feature(tmp_path: Path) -> None:
    assert _texts(tmp_path, "Login\n=====\n- \n-\n* * *\n---\n- [ ]\n1.\nLogout") == ["Login", "Logout"]


def test_control_and_bidirectional_characters_do_not_reach_a_feature(tmp_path: Path) -> None:
    content = "Add \x1b[31mlogin\x1b[0m\nAdd \u202elogout\u2028\x07\nForge\x0ba\x0cline\x85here\n"
    assert _texts(tmp_path, content) == ["Add login", "Add logout", "Forge a line here"]


def test_the_source_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/next release.txt").write_text("Add login\n")
    source = read_features_file(tmp_path, "./plans/../plans/next release.txt")
    assert (source.source_type, source.features_file) == ("file", "plans/next release.txt")


def test_a_file_of_the_project_may_be_named_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("Add login\n")
    assert read_features_file(tmp_path, str(tmp_path / NAME)).features_file == NAME


def test_a_name_is_relative_to_the_folder_it_is_given_in(tmp_path: Path) -> None:
    (tmp_path / "packages/web").mkdir(parents=True)
    (tmp_path / "packages/web" / NAME).write_text("Add login\n")
    source = read_features_file(tmp_path, NAME, folder=tmp_path / "packages/web")
    assert source.features_file == f"packages/web/{NAME}"


def test_duplicates_are_told_with_their_lines_and_kept_once(tmp_path: Path) -> None:
    source = _read(tmp_path, "Add login\nAdd logout\n- Add  login\n3. Add logout\n")
    assert [feature.text for feature in source.features] == ["Add login", "Add logout"]
    assert source.notices == ("Features given twice are kept once (line 3, 4).",)


def test_of_many_duplicates_a_few_lines_are_named(tmp_path: Path) -> None:
    assert _read(tmp_path, "Add login\n" * 9).notices == (
        "Features given twice are kept once (line 2, 3, 4, 5, 6 and more).",
    )


def test_a_ticked_feature_is_left_out_and_told(tmp_path: Path) -> None:
    source = _read(tmp_path, "- [x] Add login\n- [X] Add logout\n- [ ] Add reset\n")
    assert [feature.text for feature in source.features] == ["Add reset"]
    assert source.notices == ("2 ticked off already and left out.",)


def test_a_feature_that_is_open_and_ticked_elsewhere_is_still_to_be_done(tmp_path: Path) -> None:
    assert _texts(tmp_path, "- [x] Add login\n- [ ] Add login\n") == ["Add login"]


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n\t\n", "only comments and blank lines"),
        (b"# nothing\n# yet\n", "only comments and blank lines"),
        (b"\xef\xbb\xbf", "only comments and blank lines"),
        (b"- [x] Add login\n- [x] Add logout\n", "all 2 are ticked off"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not a text file: it has a NUL byte at 7"),
        ("Add login\n".encode("utf-16"), "line 1: it is not UTF-8 text"),
        ("Add login\nGr\xfc\xdfe\n".encode("latin-1"), "line 2: it is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n", "line 1: it is not UTF-8 text"),
    ],
)
def test_a_file_without_a_feature_is_refused_with_its_name(
    tmp_path: Path, content: bytes, words: str
) -> None:
    message = _refusal(tmp_path, content)
    assert message.startswith(NAME)
    assert words in message


def test_a_thousand_features_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    lines = [f"Add page {number}" for number in range(MAX_FEATURES)]
    assert len(_texts(tmp_path, "\n".join([*lines, lines[0]]))) == MAX_FEATURES
    assert _refusal(tmp_path, "\n".join([*lines, "Add one more"])) == (
        "features.txt has 1,001 features, and 1,000 are allowed. Split it."
    )


def test_a_feature_of_ten_thousand_characters_is_read_and_one_more_is_refused(tmp_path: Path) -> None:
    assert _texts(tmp_path, "- " + "ä" * MAX_FEATURE_LENGTH) == ["ä" * MAX_FEATURE_LENGTH]
    message = _refusal(tmp_path, "# first\nAdd login\n" + "x" * 5_000 + "\n  " + "y" * 5_000 + "\n")
    assert message.startswith(
        "features.txt, line 3: the feature has 10,001 characters, and 10,000 are allowed."
    )


@pytest.mark.parametrize("name", ["", "  ", "a\0b"])
def test_no_name_at_all_is_refused_with_how_to_call(tmp_path: Path, name: str) -> None:
    with pytest.raises(PlanError, match="/batch-implement FILE"):
        read_features_file(tmp_path, name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"^plans/none\.txt is not there"):
        read_features_file(tmp_path, "plans/none.txt")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    with pytest.raises(PlanError, match=r"^plans is a folder"):
        read_features_file(tmp_path, "plans")


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(PlanError, match=r"^features\.txt is not a regular file"):
        read_features_file(tmp_path, NAME)


def test_a_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="outside the project"):
        read_features_file(tmp_path, "/dev/zero")


@pytest.mark.parametrize("name", ["../features.txt", "/etc/hostname", "plans/../../features.txt"])
def test_a_file_outside_the_project_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / NAME).write_text("Add login\n")
    root = tmp_path / "project"
    root.mkdir()
    with pytest.raises(PathError, match="is outside the project") as caught:
        read_features_file(root, name)
    assert str(caught.value).startswith(name)


def test_a_link_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "elsewhere.txt").write_text("Add login\n")
    (root / NAME).symlink_to("../elsewhere.txt")
    with pytest.raises(PathError, match=r"^features\.txt is outside the project"):
        read_features_file(root, NAME)
    (root / "plans").symlink_to("..")
    with pytest.raises(PathError, match=r"^plans/elsewhere\.txt is outside the project"):
        read_features_file(root, "plans/elsewhere.txt")


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Add login\n")
    (tmp_path / NAME).symlink_to("list.txt")
    assert read_features_file(tmp_path, NAME).features_file == "list.txt"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(NAME)
    with pytest.raises(PlanError, match=r"^features\.txt can't be read"):
        read_features_file(tmp_path, NAME)


def test_a_name_too_long_for_the_file_system_is_refused_shortened(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="can't be read") as caught:
        read_features_file(tmp_path, "x" * 5_000)
    assert len(str(caught.value)) < 500


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "features\udcff.txt").write_text("Add login\n")
    with pytest.raises(PlanError, match=r"is not UTF-8\. Rename the file"):
        read_features_file(tmp_path, "features\udcff.txt")


def test_a_project_behind_a_link_has_its_files_inside(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / NAME).write_text("Add login\n")
    (tmp_path / "project").symlink_to("real")
    assert read_features_file(tmp_path / "project", NAME).features_file == NAME


# --- whatever it holds ------------------------------------------------------------------------------

_ODD_LETTERS = st.sampled_from(list("-*+•1.)[ ]xX#\t\r\n\x0b\x0c\x1b\u2028\u202e\ufeff\u200d\u3000aä世"))
_FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FUZZ
@given(text=st.text(st.one_of(_ODD_LETTERS, st.characters(exclude_categories=["Cs"])), max_size=200))
def test_any_text_gives_features_or_a_sentence(tmp_path: Path, text: str) -> None:
    try:
        source = _read(tmp_path, text)
    except PlanError as error:
        assert_names_the_file(error)
        return
    texts = [feature.text for feature in source.features]
    assert texts
    assert len(set(texts)) == len(texts)
    for feature in texts:
        assert feature == " ".join(feature.split())
        assert "\x1b" not in feature


@_FUZZ
@given(data=st.binary(max_size=200))
def test_any_bytes_give_features_or_a_sentence(tmp_path: Path, data: bytes) -> None:
    try:
        assert _read(tmp_path, data).features
    except PlanError as error:
        assert_names_the_file(error)


def assert_names_the_file(error: PlanError) -> None:
    assert str(error).startswith(NAME)


@_FUZZ
@given(name=st.text(max_size=300))
def test_any_name_gives_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(BatchImplementError):
        read_features_file(tmp_path, name)


@_FUZZ
@given(
    lines=st.lists(st.sampled_from(["Add login", "Add logout", "Reset", "Roles"]), min_size=1, max_size=12)
)
def test_features_keep_the_order_of_their_first_line(tmp_path: Path, lines: list[str]) -> None:
    assert _texts(tmp_path, "\n".join(f"- [ ] {line}" for line in lines)) == list(dict.fromkeys(lines))
