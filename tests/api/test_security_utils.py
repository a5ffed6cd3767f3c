"""The documented calls on paths and the audit log."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch_implement.api.security_utils import append_audit_record, read_audit_records, validate_path
from batch_implement.errors import PathError


def test_a_path_inside_is_returned_and_a_symlink_refused(tmp_path: Path) -> None:
    assert validate_path(Path("a/new.txt"), tmp_path) == tmp_path / "a" / "new.txt"
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PathError, match="symlink"):
        validate_path(Path("link/x"), tmp_path)


def test_what_was_added_to_an_audit_log_is_read_without_its_secrets(tmp_path: Path) -> None:
    assert read_audit_records(tmp_path, "mine.jsonl") == []
    append_audit_record(tmp_path, "mine.jsonl", {"n": 1, "said": "password=hunter2"})
    append_audit_record(tmp_path, "mine.jsonl", {"n": 2})
    assert read_audit_records(tmp_path, "mine.jsonl") == [{"n": 1, "said": "password=[redacted]"}, {"n": 2}]
    assert read_audit_records(tmp_path, "another.jsonl") == []
