"""Features of JavaScript projects whose packages are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proof.second_look.conftest import Project

LIBRARY = "exports.twice = (number) => number * 2;\n"
TESTS = (
    "const test = require('node:test');\nconst assert = require('node:assert');\n"
    "const { twice } = require('@shop/library');\n\n"
    "test('twice', () => { assert.strictEqual(twice(2), 4); });\n"
)


def test_a_linked_package_is_that_of_the_scratch_workspace(project_with: Callable[[str], Project]) -> None:
    project = project_with("npm test --silent")
    project.write(
        **{
            "package.json": '{"workspaces": ["packages/*"], "scripts": {"test": "node --test packages"}}\n',
            "packages/library/package.json": '{"name": "@shop/library", "main": "index.js"}\n',
            "packages/library/index.js": LIBRARY,
            "packages/app/package.json": '{"name": "app"}\n',
            "packages/app/app.test.js": TESTS,
        }
    )
    scope = project.root / "node_modules" / "@shop"
    scope.mkdir(parents=True)
    (scope / "library").symlink_to("../../packages/library")
    project.begin()
    project.write(
        **{
            "packages/library/index.js": LIBRARY.replace("* 2", "* 3"),
            "packages/app/app.test.js": TESTS.replace(", 4)", ", 6)"),
        }
    )
    looked = project.look()
    assert looked.findings.unseen == ""
    assert [name.split(" > ")[-1] for name in looked.changed] == ["twice"]
    assert looked.findings.shown_by is not None
    assert len(looked.findings.shown_by) == 1


def test_a_script_that_forgives_is_put_back_and_a_dependency_stays(
    project_with: Callable[[str], Project],
) -> None:
    project = project_with("npm test --silent")
    manifest = '{"scripts": {"test": "node --test test"}, "main": "index.js"}\n'
    tests = TESTS.replace("@shop/library", "../index.js")
    project.write(**{"package.json": manifest, "index.js": LIBRARY, "test/it.test.js": tests})
    project.begin()
    project.write(
        **{
            "package.json": manifest.replace("--test test", "--test test || true").replace(
                '"main": "index.js"', '"main": "index.js", "version": "2.0.0"'
            ),
            "index.js": LIBRARY.replace("* 2", "* 3"),
        }
    )
    looked = project.look()
    assert [name.split(" > ")[-1] for name in looked.changed] == ["twice"]
    assert looked.plan.old_tests is not None
    ((path, text),) = looked.plan.old_tests.layer.texts
    assert path == "package.json"
    assert b'"2.0.0"' in text
    assert b"|| true" not in text
