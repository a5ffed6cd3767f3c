"""A report is written by a process that ran anybody's code; whatever is in it, reading it does no harm."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.errors import PathError
from batch_implement.proof.check_command import Step
from batch_implement.proof.results import event_file
from batch_implement.proof.results.base import Place
from batch_implement.proof.results.event_file import read_reports
from batch_implement.proof.results.names import LONGEST, settled
from batch_implement.proof.results.recording import record

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.proof.results.base import Report

END = '{"end": true}\n'


def _read(folder: Path, *files: bytes | str) -> Report | None:
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    for number, content in enumerate(files):
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        (reports / f"pytest-{number}.jsonl").write_bytes(data)
    return read_reports("pytest", Place(folder / "project", folder / "tools", reports, {}))


def _test(name: object, outcome: object = "passed") -> str:
    return json.dumps({"test": name, "outcome": outcome}) + "\n"


def _tests(report: Report | None) -> list[tuple[str, str]]:
    assert report is not None
    return [(test.name, test.outcome.value) for test in report.tests]


def test_without_a_report_there_is_none(tmp_path: Path) -> None:
    assert _read(tmp_path) is None


def test_an_empty_report_is_of_a_run_that_ended_at_once(tmp_path: Path) -> None:
    report = _read(tmp_path, "")
    assert _tests(report) == []
    assert report
    assert report.cut_off == "pytest ended in the middle of its tests"


def test_a_line_that_was_not_finished_is_passed_over(tmp_path: Path) -> None:
    report = _read(tmp_path, _test("a") + '{"running": "b"}\n' + '{"test": "b", "outc')
    assert _tests(report) == [("a", "passed"), ("b", "error")]


def test_an_outcome_that_is_not_known_is_no_pass(tmp_path: Path) -> None:
    report = _read(tmp_path, _test("a", "fine") + _test("b", None) + _test("c", ["passed"]) + END)
    assert _tests(report) == [("a", "error"), ("b", "error"), ("c", "error")]


def test_two_reports_are_put_together_and_two_of_one_name_are_two(tmp_path: Path) -> None:
    report = _read(tmp_path, _test("a") + END, _test("a") + _test("a") + END)
    assert _tests(report) == [("a", "passed")] * 3


def test_a_report_beyond_the_limit_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file, "LARGEST", 1000)
    report = _read(tmp_path, _test("a") * 100 + END)
    assert report
    assert 10 < len(report.tests) < 30
    assert report.cut_off == "not all of the report of pytest could be read"


def test_links_pipes_and_folders_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(_test("a") + END)
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "pytest-1.jsonl").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(reports / "pytest-2.jsonl")
    (reports / "pytest-3.jsonl").mkdir()
    assert _tests(_read(tmp_path)) == []


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.recursive(
                st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
                lambda inner: st.one_of(
                    st.lists(inner, max_size=3),
                    st.dictionaries(
                        st.sampled_from(["test", "outcome", "running", "end", "cut_off", "folder"]), inner
                    ),
                ),
            ).map(lambda value: json.dumps(value).encode()),
        )
    )
)
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    report = _read(tmp_path_factory.mktemp("any"), b"\n".join(lines))
    assert report
    assert all(test.name.isprintable() and len(test.name) <= LONGEST for test in report.tests)


def test_deep_nesting_is_no_error(tmp_path: Path) -> None:
    assert _tests(_read(tmp_path, "[" * 50_000 + "\n" + _test("a") + END)) == [("a", "passed")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("t.py::test_a[1-x y]", "t.py::test_a[1-x y]"),
        ("t.py::test[<object at 0x7f3c5d2a1b80>]", "t.py::test[<object at 0x…>]"),
        ("t.py::test[/tmp/pytest-of-me/pytest-12/a0]", "t.py::test[/tmp/pytest-of-…/pytest-…/a0]"),
        ("t.py::test[/tmp/tmpab3_x9zq/file]", "t.py::test[/tmp/tmp…/file]"),
        ("/lanes/lane 1/test/a.js > a", "test/a.js > a"),
        ("t.py::test[2026-01-02T03:04:05]", "t.py::test[2026-01-02T03:04:05]"),
        ("t.py::test[0xdeadbeef]", "t.py::test[0xdeadbeef]"),
        ("a\nb\x1b[31m\x00\u202ec\ud800", "a\\nb\\x1b[31m\\x00\\u202ec\\ud800"),
        ("日本語 é", "日本語 é"),
    ],
)
def test_only_what_is_certainly_noise_is_taken_out_of_a_name(name: str, told: str) -> None:
    assert settled(name, "/lanes/lane 1") == told


def test_a_huge_name_is_short_and_still_its_own() -> None:
    first, second = settled("x" * 100_000 + "a", ""), settled("x" * 100_000 + "b", "")
    assert len(first) <= LONGEST
    assert first != second


def test_reports_are_never_written_into_the_workspace(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="inside of"):
        record(Step(("pytest",)), root=tmp_path, folder=tmp_path / "reports", environment={})


def test_the_folder_of_an_earlier_run_is_not_used_again(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    record(Step(("pytest",)), root=tmp_path / "project", folder=tmp_path / "r", environment={})
    with pytest.raises(FileExistsError):
        record(Step(("pytest",)), root=tmp_path / "project", folder=tmp_path / "r", environment={})
