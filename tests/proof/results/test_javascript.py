"""What jest, vitest and mocha come to is told by name, whatever starts them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.proof.results.conftest import Project

    MakeProject = Callable[[Mapping[str, str]], Project]

pytestmark = pytest.mark.slow

_JEST = """
describe('outer', () => {
  describe('inner', () => { test('adds', () => {}); test('fails', () => { throw new Error('no'); }); });
  test.skip('skipped', () => {});
  test.todo('todo');
  test.FAILS('known', () => { throw new Error('no'); });
  test.each([[1, 2], [2, 3]])('adds %i %i', (a, b) => { if (a + 1 !== b) throw new Error('no'); });
});
"""
_IMPORT = "import { describe, test } from 'vitest';\n"
_MOCHA = """
describe('outer', () => {
  describe('inner', () => { it('adds', () => {}); it('fails', () => { throw new Error('no'); }); });
  it.skip('skipped', () => {});
  it('todo');
  for (const n of [1, 2]) it(`adds ${n} ${n + 1}`, () => {});
});
"""
_NAMED = {
    "outer > inner > adds": "passed",
    "outer > inner > fails": "failed",
    "outer > skipped": "skipped",
    "outer > todo": "skipped",
    "outer > adds 1 2": "passed",
    "outer > adds 2 3": "passed",
}
_KNOWN = {"outer > known": "expected failure"}


@dataclass(frozen=True)
class JsRunner:
    """How one of them is called, and the same tests in its words."""

    name: str
    command: str
    every_kind: str
    named: dict[str, str]
    test: str
    head: str = ""

    def tests(self, *bodies: str) -> str:
        return self.head + "".join(
            f"{self.test}('{name}', () => {{ {body} }});\n" for name, body in self.pairs(bodies)
        )

    @staticmethod
    def pairs(bodies: tuple[str, ...]) -> list[tuple[str, str]]:
        return list(zip("abc", bodies, strict=False))


RUNNERS = [
    JsRunner("jest", "jest", _JEST.replace("FAILS", "failing"), {**_NAMED, **_KNOWN}, "test"),
    JsRunner(
        "vitest",
        "vitest run",
        _IMPORT + _JEST.replace("FAILS", "fails"),
        {**_NAMED, **_KNOWN},
        "test",
        _IMPORT,
    ),
    JsRunner("mocha", "mocha", _MOCHA, _NAMED, "it"),
]
FILE = "test/a.test.js"
THROWS = "throw new Error('no');"


@pytest.fixture(params=RUNNERS, ids=lambda runner: runner.name)
def runner(request: pytest.FixtureRequest) -> JsRunner:
    found: JsRunner = request.param
    return found


@pytest.fixture
def make_js(make_project: MakeProject, js_modules: Path) -> MakeProject:
    """Makes a project in which the three are installed."""

    def make(files: Mapping[str, str]) -> Project:
        project = make_project(files)
        (project.root / "node_modules").symlink_to(js_modules)
        return project

    return make


def _package(script: str) -> dict[str, str]:
    return {"package.json": json.dumps({"scripts": {"test": script}})}


def test_every_kind_is_told_by_name(make_js: MakeProject, runner: JsRunner) -> None:
    project = make_js({**_package(runner.command), FILE: runner.every_kind})
    before = project.files()
    ran = project.run("npm", "test")
    assert ran.outcomes == {f"{FILE} > {name}": outcome for name, outcome in runner.named.items()}, ran.output
    assert ran.results.by_name
    assert ran.exit_code == 1
    assert {name for name in project.files() - before if not name.startswith("node_modules")} == set()


@pytest.mark.parametrize(
    "how", ["npx", "the program itself", "make goes on", "or true", "a shell script", "node"]
)
def test_what_starts_it_does_not_matter(make_js: MakeProject, runner: JsRunner, how: str) -> None:
    program, *arguments = runner.command.split()
    script = {"jest": "jest/bin/jest.js", "vitest": "vitest/vitest.mjs", "mocha": "mocha/bin/mocha.js"}[
        program
    ]
    argv = {
        "npx": ("npx", *runner.command.split()),
        "the program itself": (f"node_modules/.bin/{program}", *arguments),
        "make goes on": ("make", "check"),
        "or true": ("npm", "test"),
        "a shell script": ("sh", "check.sh"),
        "node": ("node", f"node_modules/{script}", *arguments),
    }[how]
    files = {
        **_package(f"{runner.command} || true"),
        "Makefile": f"check:\n\t-npx {runner.command}\n",
        "check.sh": f"npx {runner.command} | cat\n",
        FILE: runner.tests("", THROWS),
    }
    ran = make_js(files).run(*argv)
    assert ran.outcomes == {f"{FILE} > a": "passed", f"{FILE} > b": "failed"}, ran.output
    assert ran.expected == (program,)
    assert (ran.exit_code == 0) == (how in {"make goes on", "or true", "a shell script"})


def test_a_file_that_breaks_is_an_error_of_its_own_name(make_js: MakeProject, runner: JsRunner) -> None:
    ran = make_js({**_package(runner.command), FILE: THROWS}).run("npm", "test")
    if runner.name == "mocha":  # it runs nothing at all then
        assert ran.results.missing == ("mocha",)
    else:
        assert ran.outcomes == {FILE: "error"}


def test_a_test_that_leaves_with_success_does_not_hide_the_rest(
    make_js: MakeProject, runner: JsRunner
) -> None:
    files = {**_package(runner.command), FILE: runner.tests("", "process.exit(0);", "")}
    ran = make_js(files).run("npm", "test")
    assert ran.results.cut_off or ran.results.missing or ran.results.failures, ran.output


def test_a_process_that_is_killed_is_cut_off(make_js: MakeProject, runner: JsRunner) -> None:
    victim = "process.ppid" if runner.name == "vitest" else "process.pid"
    files = {
        **_package(f"{runner.command} || true"),
        FILE: runner.tests("", f"process.kill({victim}, 'SIGKILL');"),
    }
    ran = make_js(files).run("npm", "test")
    assert ran.exit_code == 0
    assert ran.results.cut_off == f"{runner.name} ended in the middle of its tests"


CONFIGURED = {
    "jest": {"jest.config.js": "module.exports = { reporters: ['default', './own.cjs'] };"},
    "vitest": {"vitest.config.mjs": "export default { test: { reporters: ['dot', './own.cjs'] } };"},
    "mocha": {".mocharc.json": '{"reporter": "./own.cjs"}'},
}
OWN = """
const fs = require('node:fs');
const say = () => fs.writeFileSync('own.txt', 'done');
module.exports = class {
  constructor(runner) { if (runner && runner.on) runner.on('end', say); }
  onRunComplete() { say(); }
  onTestRunEnd() { say(); }
};
"""


def test_the_reporters_of_the_project_are_not_replaced(make_js: MakeProject, runner: JsRunner) -> None:
    files = {**_package(runner.command), **CONFIGURED[runner.name], "own.cjs": OWN, FILE: runner.tests("")}
    project = make_js(files)
    ran = project.run("npm", "test")
    assert ran.outcomes == {f"{FILE} > a": "passed"}, ran.output
    assert "own.txt" in project.files()


def test_what_stops_at_the_first_failure_says_so(make_js: MakeProject, runner: JsRunner) -> None:
    files = {
        **_package(f"{runner.command} --bail {'-i' if runner.name == 'jest' else ''}"),
        FILE: runner.tests(THROWS, ""),
    }
    files["test/b.test.js"] = runner.tests("")
    if runner.name == "vitest":
        files["package.json"] = _package("vitest run --bail=1 --no-file-parallelism")["package.json"]
    ran = make_js(files).run("npm", "test")
    assert ran.results.cut_off, (ran.outcomes, ran.output)


def test_a_runner_that_a_test_starts_is_not_heard(make_js: MakeProject, runner: JsRunner) -> None:
    inner = f"node_modules/.bin/{runner.command} inner/b.test.js"
    patience = "--timeout 60000" if runner.name == "mocha" else ""
    start = f"process.getBuiltinModule('node:child_process').spawnSync('sh', ['-c', '{inner}'])"
    files = {
        **_package(f"{runner.command} {FILE} {patience}"),
        FILE: runner.tests(f"{start};"),
        "inner/b.test.js": runner.tests(THROWS),
    }
    assert make_js(files).run("npm", "test").outcomes == {f"{FILE} > a": "passed"}


def test_mocha_may_run_in_parallel(make_js: MakeProject) -> None:
    files = {
        **_package("mocha --parallel"),
        FILE: RUNNERS[2].tests("", THROWS),
        "test/b.test.js": RUNNERS[2].tests(""),
    }
    assert make_js(files).run("npm", "test").outcomes == {
        f"{FILE} > a": "passed",
        f"{FILE} > b": "failed",
        "test/b.test.js > a": "passed",
    }


def test_a_hook_that_fails_is_an_error(make_js: MakeProject) -> None:
    tests = "describe('s', () => { before(() => { throw new Error('no'); }); it('never', () => {}); });"
    ran = make_js({**_package("mocha"), FILE: tests}).run("npm", "test")
    assert ran.outcomes == {f'{FILE} > s > "before all" hook for "never"': "error"}
    assert ran.results.cut_off == "mocha left out 1 tests"
