"""Features of projects in Go and Rust, whose tests are compiled with the program."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proof.second_look.conftest import Project

RUST = """pub fn twice(number: i32) -> i32 {
    number * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles() {
        assert_eq!(twice(2), 4, "{}", "a brace } in a text");
    }
}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")
def test_a_row_that_went_from_a_table_in_go_is_a_changed_test(project_with: Callable[[str], Project]) -> None:
    tests = (
        'package sum\n\nimport "testing"\n\nfunc TestTwice(t *testing.T) {\n'
        '\tfor name, n := range map[string]int{"two": 2, "three": 3} {\n'
        "\t\tt.Run(name, func(t *testing.T) {\n\t\t\tif Twice(n) != n*2 {\n\t\t\t\tt.Fail()\n"
        "\t\t\t}\n\t\t})\n\t}\n}\n"
    )
    project = project_with("go test ./...")
    project.write(
        **{
            "go.mod": "module example.com/sum\n\ngo 1.18\n",
            "sum.go": "package sum\n\nfunc Twice(n int) int { return n * 2 }\n",
            "sum_test.go": tests,
        }
    )
    project.begin()
    project.write(
        **{
            "sum.go": "package sum\n\nfunc Twice(n int) int { return n * n }\n",
            "sum_test.go": tests.replace(', "three": 3', ""),
        }
    )
    assert project.look().changed == ["example.com/sum.TestTwice", "example.com/sum.TestTwice/three"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")
def test_a_package_that_can_not_be_built_without_a_feature_shows_it(
    project_with: Callable[[str], Project],
) -> None:
    test = (
        'package sum\n\nimport "testing"\n\n'
        "func TestOne(t *testing.T) {\n\tif One() != 1 {\n\t\tt.Fail()\n\t}\n}\n"
    )
    project = project_with("go test ./...")
    one = "package sum\n\nfunc One() int { return 1 }\n"
    project.write(**{"go.mod": "module example.com/sum\n\ngo 1.18\n", "sum.go": one, "sum_test.go": test})
    project.begin()
    project.write(
        **{
            "sum.go": one.replace("One", "Two") + one.partition("\n")[2],
            "sum_test.go": test + test.partition("\n\n")[2].partition("\n\n")[2].replace("One", "Two"),
        }
    )
    assert project.look().findings.shown_by == ("example.com/sum.TestTwo", "example.com/sum.TestOne")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cargo") is None, reason="Rust is not installed")
def test_tests_within_a_source_file_are_those_of_the_base(project_with: Callable[[str], Project]) -> None:
    project = project_with("cargo test --offline --lib")
    real = Path(pwd.getpwuid(os.getuid()).pw_dir)
    project.environment["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", str(real / ".rustup"))
    project.write(
        **{"Cargo.toml": '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n', "src/lib.rs": RUST}
    )
    project.begin()
    project.write(
        **{"src/lib.rs": RUST.replace("number * 2", "number * 3").replace("twice(2), 4", "twice(2), 6")}
    )
    looked = project.look()
    assert looked.findings.unseen == ""
    assert [name.split("::")[-1] for name in looked.changed] == ["doubles"]
    assert [name.split("::")[-1] for name in looked.findings.shown_by or ()] == ["doubles"]
