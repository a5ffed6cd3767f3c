"""The results of node's own test runner come by a reporter, beside the one that the project asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.proof.results.conftest import Project

    MakeProject = Callable[[Mapping[str, str]], Project]

pytestmark = pytest.mark.slow  # they need node, as the real client does

EVERY_KIND = """
const { test, describe, it, before } = require('node:test');
const assert = require('node:assert');
describe('outer', () => {
  describe('inner', () => { it('adds', () => {}); it('fails', () => assert.equal(1, 2)); });
  it.skip('skipped', () => {});
  it.todo('todo');
  it('todo fails', { todo: true }, () => assert.equal(1, 2));
  for (const n of [1, 2]) it(`adds ${n}`, () => {});
  describe('hooked', () => { before(() => { throw new Error('no'); }); it('never', () => {}); });
  describe.skip('all of it', () => { it('x', () => {}); });
});
test('top', async (t) => {
  await t.test('sub one', () => {});
  await t.test('sub two', () => assert.fail());
});
"""
NAMED = {
    "outer > inner > adds": "passed",
    "outer > inner > fails": "failed",
    "outer > skipped": "skipped",
    "outer > todo": "expected failure",
    "outer > todo fails": "expected failure",
    "outer > adds 1": "passed",
    "outer > adds 2": "passed",
    "outer > hooked > never": "error",
    "outer > hooked": "error",
    "outer > all of it": "skipped",
    "top > sub one": "passed",
    "top > sub two": "failed",
    "top": "failed",
}
ONE_FAILS = "const { test } = require('node:test');\ntest('a', () => {});\ntest('b', () => { throw 1; });\n"
ONE_OF_TWO = {"test/a.test.js > a": "passed", "test/a.test.js > b": "failed"}


def _script(line: str) -> dict[str, str]:
    return {"package.json": json.dumps({"scripts": {"test": line}}), "test/a.test.js": ONE_FAILS}


def test_every_kind_is_told_by_name(make_project: MakeProject) -> None:
    project = make_project({"test/a.test.js": EVERY_KIND})
    ran = project.run("node", "--test")
    assert ran.outcomes == {f"test/a.test.js > {name}": outcome for name, outcome in NAMED.items()}
    assert ran.exit_code == 1
    assert project.files() == {"test/a.test.js"}
    assert "# pass 4" in ran.output


@pytest.mark.parametrize(
    "line",
    [
        "node --test",
        "node --test --test-reporter=dot",
        "node --test --test-reporter=spec --test-reporter-destination=stdout",
        "node --test test/a.test.js || true",
        "NODE_ENV=test node --enable-source-maps --test",
    ],
)
def test_the_script_of_a_package_may_ask_for_what_it_likes(make_project: MakeProject, line: str) -> None:
    ran = make_project(_script(line)).run("npm", "test")
    assert ran.outcomes == ONE_OF_TWO, ran.output
    assert (ran.exit_code == 0) == line.endswith("|| true")
    assert ran.results.failures == 1


def test_make_may_start_it(make_project: MakeProject) -> None:
    files = {**_script("node --test"), "Makefile": ".PHONY: test\ntest:\n\t-npm run test\n"}
    ran = make_project(files).run("make", "test")
    assert ran.exit_code == 0
    assert ran.outcomes == ONE_OF_TWO, ran.output


def test_a_file_that_leaves_in_the_middle_lacks_its_tests(make_project: MakeProject) -> None:
    tests = (
        "const { test } = require('node:test');\ntest('a', () => {});\n"
        "test('b', async () => { await new Promise((go) => setTimeout(go, 300)); process.exit(0); });\n"
        "test('c', () => {});\n"
    )
    ran = make_project({"test/a.test.js": tests}).run("node", "--test")
    assert ran.outcomes.get("test/a.test.js > c") is None
    assert ran.results.cut_off


def test_a_file_that_breaks_is_a_failure_of_its_own_name(make_project: MakeProject) -> None:
    ran = make_project({"test/a.test.js": "throw new Error('no');\n"}).run("node", "--test")
    assert ran.outcomes == {"test/a.test.js": "failed"}


def test_a_run_that_is_killed_is_cut_off(make_project: MakeProject) -> None:
    tests = (
        "const { test } = require('node:test');\ntest('a', () => process.kill(process.ppid, 'SIGKILL'));\n"
    )
    ran = make_project({"test/a.test.js": tests}).run("node", "--test")
    assert ran.results.cut_off == "node ended in the middle of its tests"


def test_a_target_that_make_takes_for_done_ran_nothing_and_that_is_said(make_project: MakeProject) -> None:
    files = {**_script("node --test"), "Makefile": "test:\n\t-npm run test\n"}
    ran = make_project(files).run("make", "test")
    assert ran.exit_code == 0
    assert ran.results.missing == ("node",)
    assert ran.results.total == 0
