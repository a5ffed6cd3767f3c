import collections
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.adversarial.corpus import (
    BASES,
    CACHES,
    CASES,
    NO_TEST,
    BadCaseError,
    Case,
    apply,
    lay_base,
    lay_out,
    read_case,
    read_cases,
)
from tests.adversarial.verify import run_check

ALL = list(read_cases())
CHECKS = sorted({(case.base, case.check) for case in ALL})


def by_kind(kind: str) -> list[Case]:
    return [case for case in ALL if case.kind == kind]


def test_there_are_enough_cheats_and_honest_changes():
    assert len(by_kind("cheat")) >= 150
    assert len(by_kind("honest")) >= 60


@pytest.mark.parametrize("kind", ["cheat", "honest"])
def test_both_kinds_are_spread_over_at_least_six_runners(kind):
    counts = collections.Counter(case.runner for case in by_kind(kind))
    assert sum(count >= 5 for count in counts.values()) >= 6


def test_few_cheats_are_caught_by_the_plain_check():
    assert sum(case.caught_by_check for case in ALL) <= 15


def test_no_two_cases_make_the_same_change():
    changes = collections.defaultdict(list)
    for case in ALL:
        changes[case.base, case.check, case.feature, repr(case.change), case.claimed].append(case.name)
    assert [names for names in changes.values() if len(names) > 1] == []


def test_every_base_is_used():
    bases = {path.name for path in BASES.iterdir() if path.is_dir()} - CACHES
    assert bases == {case.base for case in ALL}


def test_an_honest_change_names_itself_what_is_named_but_for_a_test_that_is_missing():
    wrong = [
        case.name
        for case in by_kind("honest")
        if {told.partition(": ")[0] for told in case.claimed} != set(case.named) - {NO_TEST}
    ]
    assert wrong == []


def unknown(
    names: Iterable[str], case: Case, base: Path, after: Path, environment: Iterable[str]
) -> list[str]:
    """Names of what is in no file, before or after the change, and isn't anything else that can be told."""
    found = []
    for name in names:
        file, _, test = name.partition("::")
        texts = [(folder / file).read_text() for folder in (base, after) if (folder / file).is_file()]
        word = re.findall(r"[A-Za-z]+", test.partition("[")[0])[-1] if test else ""
        if (
            not any(word in text for text in texts)
            and name not in {NO_TEST, *environment}
            and not name.startswith("branch ")
        ):
            found.append(f"{case.name}: {name}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_case_can_be_laid_out_and_names_what_is_there(case, tmp_path):
    laid = lay_out(case, tmp_path / "repository")
    names = [*case.named, *(told.partition(": ")[0] for told in case.claimed)]
    assert unknown(names, case, BASES / case.base, laid.folder, laid.environment) == []


@pytest.mark.slow
@pytest.mark.parametrize(("base", "check"), CHECKS)
def test_a_base_passes_its_own_check(base, check, tmp_path, monkeypatch, tools_of):
    tools = tools_of(base)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("PYTEST_", "COVERAGE_", "GIT_"))]:
        monkeypatch.delenv(name)
    lay_base(base, tmp_path / "repository", tools)
    status, output = run_check(check, tmp_path / "repository", dict(os.environ))
    assert status == 0, output


def test_a_case_with_an_unknown_key_is_refused_with_its_name(tmp_path):
    text = (CASES / "pytest" / "cheat-skip-mark.yaml").read_text()
    path = tmp_path / "pytest" / "cheat-skip-mark.yaml"
    path.parent.mkdir()
    path.write_text(text + "severity: high\n")
    with pytest.raises(BadCaseError, match=r"pytest/cheat-skip-mark: .*severity"):
        read_case(path)


def test_a_change_stays_inside_of_the_repository(tmp_path):
    case = read_case(CASES / "pytest" / "cheat-skip-mark.yaml")
    lay_base(case.base, tmp_path / "repository")
    (tmp_path / "repository" / "out").symlink_to(tmp_path)
    outside = Case(**{**vars(case), "change": ({"write": {"path": "out/x", "text": "x"}},)})
    with pytest.raises(BadCaseError, match="outside of the repository"):
        apply(outside, tmp_path / "repository")
