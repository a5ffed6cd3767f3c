"""Paths stay inside, and are not led out by a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from batch_implement.api.security_utils import validate_path
from batch_implement.errors import PathError


def test_a_path_inside_is_returned_absolute(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert validate_path(Path("a/new.txt"), tmp_path) == tmp_path / "a" / "new.txt"
    assert validate_path(tmp_path / "a", tmp_path) == tmp_path / "a"
    (tmp_path / "file").write_text("")
    assert validate_path(Path("Screenshot at 3\u202fPM.png"), tmp_path).parent == tmp_path
    assert validate_path(Path("file/below"), tmp_path) == tmp_path / "file" / "below"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../x", r"'\.\.'"),
        ("a/../../x", r"'\.\.'"),
        ("/etc/passwd", "outside"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\u202eb", "hidden"),
        ("x" * 256, "can't be looked at"),
    ],
)
def test_a_path_that_leads_out_is_refused(path: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(PathError, match=reason):
        validate_path(Path(path), tmp_path)


def test_a_symlink_anywhere_on_the_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to(os.devnull)
    for path in ("link", "link/x", "dangling"):
        with pytest.raises(PathError, match="symlink"):
            validate_path(Path(path), tmp_path)
