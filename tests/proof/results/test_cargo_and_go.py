"""cargo and go tell each test in what they print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.proof.results.recorded_output import files_of, recorded, sources

from batch_implement.proof.check_command import Step
from batch_implement.proof.results.recording import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.proof.results.conftest import Project

    from batch_implement.proof.results.outcome import Results

    ResultsOf = Callable[[str, str], Results]

CARGO_LIBRARY = {
    "sums::tests::deep::adds": "passed",
    "sums::tests::fails": "failed",
    "sums::tests::panics": "passed",
    "sums::tests::skipped": "skipped",
}
GO = {
    "example.com/sums.TestAdds": "passed",
    "example.com/sums.TestAdds/one": "passed",
    "example.com/sums.TestAdds/two_words": "passed",
    "example.com/sums.TestFails": "failed",
    "example.com/sums.TestSkipped": "skipped",
    "example.com/sums.TestParallel": "passed",
    "example.com/sums.TestParallel/a": "passed",
    "example.com/sums.TestParallel/b": "passed",
    "example.com/sums.Example": "passed",
    "example.com/sums/broken": "error",
    "example.com/sums/sub.TestFine": "passed",
    "example.com/sums/sub.TestPanics": "failed",
}


@pytest.fixture
def results_of(make_project: Callable[[Mapping[str, str]], Project], tmp_path: Path) -> ResultsOf:
    """What a command comes to, run here or as it was recorded."""

    def results(command: str, source: str) -> Results:
        argv = tuple(command.split())
        if source == "real":
            program = "cargo" if "cargo" in argv else "go"
            return (
                make_project(files_of(program)).run(*argv, CARGO_TARGET_DIR=str(tmp_path / "target")).results
            )
        recording = record(Step(argv), root=tmp_path / "p", folder=tmp_path / "reports", environment={})
        return recording.results(recorded(command))

    return results


def _outcomes(results: Results) -> dict[str, str]:
    return {test.name: test.outcome.value for test in results.tests}


def _numbers(results: Results) -> dict[str, int]:
    return {outcome.value: number for outcome, number in results.counts.items() if number}


@pytest.mark.parametrize("source", sources("cargo"))
def test_cargo_tells_libraries_programs_and_documentation(results_of: ResultsOf, source: str) -> None:
    results = results_of("cargo test --no-fail-fast", source)
    assert _outcomes(results) == {
        **CARGO_LIBRARY,
        "outside::adds": "passed",
        "dies": "error",
        "sums::src/lib.rs - add": "passed",
    }
    assert sum(test.name == "sums::src/lib.rs - add" for test in results.tests) == 2
    assert results.cut_off == "dies ended in the middle of its tests"
    assert results.by_name


@pytest.mark.parametrize("source", sources("cargo"))
def test_cargo_stops_at_the_first_program_that_fails(results_of: ResultsOf, source: str) -> None:
    results = results_of("cargo test", source)
    assert _outcomes(results) == CARGO_LIBRARY
    assert results.cut_off == "cargo stopped at the first test program that failed"


@pytest.mark.parametrize("source", sources("cargo"))
def test_what_a_rust_test_prints_does_not_hide_it(results_of: ResultsOf, source: str) -> None:
    command = "cargo test --no-fail-fast --lib -- --nocapture --test-threads=1"
    assert _outcomes(results_of(command, source)) == CARGO_LIBRARY


@pytest.mark.parametrize("source", sources("cargo"))
def test_a_rust_test_that_aborts_is_an_error(results_of: ResultsOf, source: str) -> None:
    results = results_of("cargo test --test dies", source)
    assert _outcomes(results) == {"dies": "error"}
    assert results.cut_off == "dies ended in the middle of its tests"


@pytest.mark.parametrize("source", sources("cargo"))
def test_a_quiet_cargo_is_counted(results_of: ResultsOf, source: str) -> None:
    results = results_of("cargo test --no-fail-fast -q", source)
    assert results.missing == ("cargo",)
    assert _numbers(results) == {"passed": 5, "failed": 1, "skipped": 1}


@pytest.mark.parametrize("source", sources("go"))
def test_go_tells_every_test_and_subtest(results_of: ResultsOf, source: str) -> None:
    results = results_of("go test -v ./...", source)
    assert _outcomes(results) == GO
    assert results.cut_off == "example.com/sums/sub ended in the middle of its tests"


@pytest.mark.parametrize(
    "command", [pytest.param(one, marks=pytest.mark.slow) for one in ("go test ./...", "make")]
)
@pytest.mark.parametrize("source", [one for one in sources("go") if one != "recorded"])
def test_go_is_asked_for_every_test(results_of: ResultsOf, source: str, command: str) -> None:
    assert _outcomes(results_of(command, source)) == GO


def test_go_that_does_not_tell_is_missed(results_of: ResultsOf) -> None:
    results = results_of("go test ./...", "recorded")
    assert results.missing == ("go",)
    assert results.failures == 2


def test_output_whose_beginning_is_gone_names_nothing(tmp_path: Path) -> None:
    recording = record(Step(("go", "test")), root=tmp_path / "p", folder=tmp_path / "r", environment={})
    results = recording.results(recorded("go test -v ./..."), truncated=True)
    assert results.missing == ("go",)
    assert not results.tests
    assert results.failures


def test_go_is_asked_by_an_argument_or_behind_make_by_a_variable(tmp_path: Path) -> None:
    root = tmp_path / "p"
    root.mkdir()
    (root / "Makefile").write_text("test:\n\tgo test ./...\n")
    direct = record(Step(("go", "test", "./...")), root=root, folder=tmp_path / "1", environment={})
    behind = record(Step(("make",)), root=root, folder=tmp_path / "2", environment={"GOFLAGS": "-race"})
    assert direct.step.argv == ("go", "test", "-v", "./...")
    assert dict(behind.step.variables)["GOFLAGS"] == "-race -v"
