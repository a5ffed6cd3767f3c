"""What a worker says that a feature changes is set beside what was found."""

from __future__ import annotations

import pytest

from batch_implement.errors import UsageError
from batch_implement.proof.second_look.claims import Named, read_named, why_of
from batch_implement.proof.second_look.differences import difference
from batch_implement.proof.second_look.parts import Part
from batch_implement.proof.second_look.plan import Touched


def test_it_is_a_name_and_a_reason() -> None:
    assert read_named("tests/a.py::test_b: it is: so") == Named("tests/a.py::test_b", "it is: so")


@pytest.mark.parametrize("text", ["tests/a.py::test_b", "tests/a.py::test_b: ", ": why", ""])
def test_without_one_of_them_it_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--changes"):
        read_named(text)


@pytest.mark.parametrize(
    ("what", "name", "files"),
    [
        ("tests/test_a.py::test_b", "tests/test_a.py::test_b", ()),
        ("tests/test_a.py", "tests/test_a.py::test_b", ("tests/test_a.py",)),
        ("tests/*.py", "tests/test_a.py::test_b", ("tests/test_a.py",)),
        ("*::test_b", "tests/test_a.py::test_b", ()),
        ("tests/test_a.py::ATest::test_b", "tests.test_a.ATest.test_b", ("tests/test_a.py",)),
        ("a_test.go::TestTake/too_many", "example.com/a.TestTake/too_many", ("a_test.go",)),
        ("tests/test_a.py::test_b", "tests/test_a.py::test_b[1-a/b [c]]", ("tests/test_a.py",)),
        ("tests/test_a.py::test_b[1-2]", "tests/test_a.py::test_b[1-2]", ()),
        ("a_test.go::TestTake", "example.com/a.TestTake/too_many/1.5", ("a_test.go",)),
        ("a_test.go::TestReport", "example.com/a.TestReport", ("testdata/report.golden",)),
        ("src/lib.rs::tests::b", "a::tests::b", ("src/lib.rs",)),
        ("test/l.test.ts::list > refuses it", "test/l.test.ts > list > refuses it", ("test/l.test.ts",)),
    ],
)
def test_a_test_is_meant_by_its_name_or_its_file(what: str, name: str, files: tuple[str, ...]) -> None:
    assert why_of([Named(what, "why")], name, files) == "why"


def test_one_row_is_not_another() -> None:
    assert why_of([Named("test_a.py::test_b[1]", "why")], "test_a.py::test_b[2]", ("test_a.py",)) == ""


@pytest.mark.parametrize(
    "what", ["tests/test_a.py::test_c", "tests/test_b.py", "test_b", "tests/test_b.py::test_b"]
)
def test_another_one_is_not_meant(what: str) -> None:
    assert why_of([Named(what, "why")], "tests/test_a.py::test_b", ("tests/test_a.py",)) == ""


def test_of_a_file_the_lines_of_the_test_are_shown() -> None:
    before = (
        "def test_a():\n    assert a() == 1\n\n\ndef test_b():\n    x = 1\n    y = 2\n    assert b() == 1\n"
    )
    after = before.replace("a() == 1", "a() == 2").replace("b() == 1", "b() == 2")
    file = Touched("test_x.py", Part.TESTS, before, after)
    assert difference("test_x.py::test_b", ("test_x.py",), [file]) == (
        "test_x.py",
        "-     assert b() == 1",
        "+     assert b() == 2",
    )
    assert len(difference("unknown", ("test_x.py",), [file])) == 5
    assert difference("test_x.py::test_b", (), [file]) == ()
