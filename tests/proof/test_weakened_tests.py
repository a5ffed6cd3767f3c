"""Checks that say less are found; tests that were moved, renamed or added are left in peace."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from batch_implement.proof.check_configuration import weakened_configuration
from batch_implement.proof.weakened_tests import find_weakening, weakened_tests
from batch_implement.workspace.file_versions import FileVersion, working_versions

if TYPE_CHECKING:
    from tests.git_repositories import Repository


def _version(path: str, before: str | None, after: str | None) -> FileVersion:
    sides = (None if text is None else textwrap.dedent(text).encode() for text in (before, after))
    return FileVersion(path, *sides)


PYTHON = """
    import pytest

    @pytest.mark.parametrize(
        ("name", "size"),
        [("a", 1), ("b", 2)],
    )
    def test_sizes(name, size):
        assert measure(name) == size
        assert name

    class TestLogin:
        def test_logs_in(self):
            with pytest.raises(ValueError):
                login("")
            assert login("a")

    def helper(value):
        assert value
"""
JAVASCRIPT = """
    describe('login', () => {
      it('logs in', async () => {
        expect(login('a')).toBe(true);
        await expect(login('')).rejects.toThrow();
      });
      test.each([1, 2])("sizes %i", (n) => { expect(n).toBeGreaterThan(0) });
    });
"""
GO = """
    func TestLogin(t *testing.T) {
        if !login("a") {
            t.Fatal("not logged in")
        }
        assert.Equal(t, 1, size("a"))
    }
"""
RUST = """
    fn login() { assert!(ready()); }

    #[cfg(test)]
    mod tests {
        #[test]
        fn logs_in() {
            assert_eq!(login(), 1);
            assert!(size() > 0);
        }
    }
"""
RUBY = """
    describe Login do
      it 'logs in' do
        expect(login('a')).to be_truthy
        expect(size).to eq(1)
      end
    end
"""
JAVA = """
    class LoginTest {
        @Test
        void logsIn() {
            assertTrue(login("a"));
            assertEquals(1, size());
        }
        @Test fun sizes() = assertEquals(2, size())
    }
"""
FILES = {
    "tests/test_login.py": PYTHON,
    "src/login.test.ts": JAVASCRIPT,
    "login_test.go": GO,
    "src/lib.rs": RUST,
    "spec/login_spec.rb": RUBY,
    "src/test/java/LoginTest.java": JAVA,
}


@pytest.mark.parametrize("path", FILES)
def test_a_deleted_file_of_tests_is_found(path: str) -> None:
    found = weakened_tests([_version(path, FILES[path], None)])
    assert found
    assert all("was deleted" in weakening.what for weakening in found)


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_moved_is_no_loss(path: str) -> None:
    folder, _, name = path.rpartition("/")
    elsewhere = f"{folder}/inner/{name}".lstrip("/")
    assert weakened_tests([_version(path, FILES[path], None), _version(elsewhere, None, FILES[path])]) == []


@pytest.mark.parametrize("path", FILES)
def test_the_same_with_more_tests_and_comments_is_no_loss(path: str) -> None:
    comment = "# " if path.endswith((".py", ".rb")) else "// "
    more = textwrap.dedent(FILES[path]) + f"\n{comment}x.skip('no test')\n"
    assert weakened_tests([_version(path, FILES[path], more)]) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("tests/test_login.py", "def test_logs_in(", "def test_signs_in("),
        ("src/login.test.ts", "'logs in'", "'signs in'"),
        ("login_test.go", "TestLogin(", "TestSignIn("),
        ("src/lib.rs", "fn logs_in(", "fn signs_in("),
        ("spec/login_spec.rb", "'logs in'", "'signs in'"),
        ("src/test/java/LoginTest.java", "void logsIn(", "void signsIn("),
        ("src/test/java/LoginTest.java", "fun sizes(", "fun measures("),
        ("src/login.test.ts", '"sizes %i"', '"measures %i"'),
    ],
)
def test_a_renamed_test_is_no_loss(path: str, old: str, new: str) -> None:
    assert old in FILES[path]
    assert weakened_tests([_version(path, FILES[path], FILES[path].replace(old, new))]) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (
            "tests/test_login.py",
            "        def test_logs_in",
            "        @pytest.mark.skip\n        def test_logs_in",
        ),
        (
            "tests/test_login.py",
            "    @pytest.mark.param",
            "    @pytest.mark.xfail(\n  strict=0,\n)\n    @pytest.mark.param",
        ),
        ("tests/test_login.py", 'login("")', 'pytest.skip("later")'),
        ("tests/test_login.py", "    import pytest", "    import pytest\n    pytestmark = pytest.mark.skip"),
        ("tests/test_login.py", "    class TestLogin:", "    @unittest.skip('x')\n    class TestLogin:"),
        ("src/login.test.ts", "it('logs", "it.skip('logs"),
        ("src/login.test.ts", "it('logs", "it.only('logs"),
        ("src/login.test.ts", "it('logs", "xit('logs"),
        ("src/login.test.ts", "describe('login'", "describe.skip('login'"),
        ("src/login.test.ts", "test.each", "test.skip.each"),
        ("login_test.go", "        if !login", '        t.Skip("later")\n        if !login'),
        ("login_test.go", "    func TestLogin", "    //go:build ignore\n    func TestLogin"),
        ("src/lib.rs", "        #[test]", "        #[test]\n        #[ignore]"),
        ("src/lib.rs", "        #[test]", '        #[ignore = "slow"]\n        #[test]'),
        ("spec/login_spec.rb", "it 'logs in'", "xit 'logs in'"),
        ("spec/login_spec.rb", "it 'logs in'", "it 'logs in', skip: true"),
        ("src/test/java/LoginTest.java", "        @Test\n", "        @Disabled\n        @Test\n"),
        ("src/test/java/LoginTest.java", "@Test fun", "@Disabled @Test fun"),
    ],
)
def test_a_new_skip_is_found_at_its_line(path: str, old: str, new: str) -> None:
    assert old in FILES[path]
    after = FILES[path].replace(old, new, 1)
    found = weakened_tests([_version(path, FILES[path], after)])
    assert ["skipped or singled out" in weakening.what for weakening in found] == [True]
    text = textwrap.dedent(after).splitlines()[found[0].line - 1]
    assert any(word in text.lower() for word in ("skip", "xfail", "only", "xit", "ignore", "disabled"))


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("tests/test_login.py", "        assert name\n"),
        ("tests/test_login.py", '            assert login("a")\n'),
        ("tests/test_login.py", "        assert value\n"),
        ("src/login.test.ts", "        await expect(login('')).rejects.toThrow();\n"),
        ("login_test.go", '        assert.Equal(t, 1, size("a"))\n'),
        ("src/lib.rs", "            assert!(size() > 0);\n"),
        ("spec/login_spec.rb", "        expect(size).to eq(1)\n"),
        ("src/test/java/LoginTest.java", "            assertEquals(1, size());\n"),
    ],
)
def test_a_lost_assertion_is_quoted(path: str, gone: str) -> None:
    assert gone in FILES[path]
    found = weakened_tests([_version(path, FILES[path], FILES[path].replace(gone, "", 1) + "    x = 1\n")])
    assert [gone.strip() in weakening.what for weakening in found] == [True]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("tests/test_login.py", 'assert login("a")', "assert True"),
        ("src/login.test.ts", "expect(login('a')).toBe(true)", "expect(true).toBe(true)"),
        ("src/lib.rs", "assert!(size() > 0)", "assert!(true)"),
    ],
)
def test_an_assertion_made_always_true_is_found(path: str, old: str, new: str) -> None:
    found = weakened_tests([_version(path, FILES[path], FILES[path].replace(old, new, 1))])
    assert any("always true" in weakening.what for weakening in found)


def test_an_assertion_that_moved_to_another_test_is_no_loss() -> None:
    after = PYTHON.replace("        assert name\n", "") + "\n    def test_name(name):\n        assert name\n"
    assert weakened_tests([_version("test_a.py", PYTHON, after)]) == []


def test_an_assertion_in_the_program_itself_is_no_test() -> None:
    assert weakened_tests([_version("src/lib.rs", RUST, RUST.replace("assert!(ready());", ""))]) == []


def test_a_test_replaced_by_an_unrelated_one_is_deleted() -> None:
    before = "def test_login():\n    user = login('a')\n    assert user.name == 'a'\n"
    after = "def test_colour():\n    paint = mix('red')\n    assert paint.shade == 3\n"
    found = weakened_tests([_version("test_a.py", before, after)])
    assert [weakening.what for weakening in found] == ["the test 'test_login' was deleted"]


def test_a_test_that_is_commented_out_is_deleted() -> None:
    before = "def test_login():\n    assert login('a')\n"
    for after in ("# def test_login():\n#     assert login('a')\n", f'"""\n{before}"""\n'):
        found = weakened_tests([_version("test_a.py", before, after)])
        assert "'test_login' was deleted" in found[0].what


def test_a_new_test_that_is_skipped_takes_nothing_from_the_others() -> None:
    after = "@pytest.mark.skip\ndef test_login():\n    assert login('a')\n"
    assert weakened_tests([_version("test_a.py", None, after)]) == []


def test_a_new_test_that_is_singled_out_takes_the_others_away() -> None:
    after = "it.only('logs in', () => {\n  expect(login('a')).toBe(true);\n});\n"
    assert len(weakened_tests([_version("login.test.js", None, after)])) == 1


def test_a_new_file_that_is_skipped_as_a_whole_takes_nothing_from_the_others() -> None:
    after = (
        "pytestmark = pytest.mark.skipif(windows, reason='x')\n\ndef test_login():\n    assert login('a')\n"
    )
    assert weakened_tests([_version("test_a.py", None, after)]) == []


@pytest.mark.parametrize(
    ("path", "command", "before", "after"),
    [
        ("pytest.ini", "pytest", "[pytest]\naddopts = -ra\n", "[pytest]\naddopts = -ra -k login\n"),
        ("pytest.ini", "pytest", None, "[pytest]\ntestpaths = tests/unit\n"),
        ("pytest.ini", "pytest", "[pytest]\naddopts = --strict-markers\n", None),
        (
            "setup.cfg",
            "pytest",
            "[tool:pytest]\naddopts=-ra\n",
            "[tool:pytest]\naddopts=--ignore=tests/slow\n",
        ),
        ("tox.ini", "tox", "[testenv]\ncommands =\n  pytest\n  mypy\n", "[testenv]\ncommands =\n  pytest\n"),
        (
            "pyproject.toml",
            "pytest",
            '[tool.pytest.ini_options]\nfilterwarnings = [\n  "error",\n]\n',
            '[tool.pytest.ini_options]\nfilterwarnings = [\n  "error",\n  "ignore::UserWarning",\n]\n',
        ),
        (
            "pyproject.toml",
            "pytest --cov",
            "[tool.coverage.report]\nfail_under = 90\n",
            "[tool.coverage.report]\nfail_under = 10\n",
        ),
        (
            "pyproject.toml",
            "ruff check .",
            '[tool.ruff.lint]\nselect = ["E", "F"]\n',
            "[tool.ruff.lint]\nselect = []\n",
        ),
        ("package.json", "npm test", '{"scripts": {"test": "jest"}}', '{"scripts": {"test": "exit 0"}}'),
        ("package.json", "npm test", '{"scripts": {"test": "jest"}}', '{"scripts": {}}'),
        (
            "package.json",
            "npm test",
            '{"scripts": {"test": "jest"}}',
            '{"scripts": {"test": "jest"}, "jest": {"testPathIgnorePatterns": ["login"]}}',
        ),
        ("package.json", "npm run unit", '{"scripts": {"unit": "jest"}}', '{"scripts": {"unit": "true"}}'),
        ("jest.config.js", "npm test", "module.exports = { bail: 0 }\n", "module.exports = { bail: 1 }\n"),
        ("vitest.config.ts", "npx vitest", None, "export default { test: { exclude: ['a'] } }\n"),
        ("Makefile", "make test", "test: lint\n\tpytest\n", "test:\n\tpytest\n"),
        ("Makefile", "make test", "test: unit\nunit:\n\tpytest\n", "test: unit\nunit:\n\ttrue\n"),
        ("Makefile", "make test", "test:\n\tpytest\n", "test:\n\tpytest || true\n"),
        ("conftest.py", "pytest", "import os\n", "import os\ncollect_ignore = ['test_login.py']\n"),
        (
            ".github/workflows/ci.yml",
            "pytest",
            "jobs:\n  a:\n    steps:\n      - run: pytest\n",
            "jobs:\n  a:\n    steps:\n      - run: echo\n",
        ),
        (
            ".github/workflows/ci.yml",
            "pytest",
            "- run: pytest\n",
            "- run: pytest\n  continue-on-error: true\n",
        ),
        (".gitlab-ci.yml", "pytest", "test:\n  script: pytest\n", None),
        ("scripts/check.sh", "./scripts/check.sh --all", "set -e\npytest\n", "set -e\n"),
        ("Cargo.toml", "cargo test", "[lib]\nname = 'a'\n", "[lib]\nname = 'a'\ntest = false\n"),
        (".rspec", "rspec", "--format doc\n", "--format doc\n--tag ~slow --exclude-pattern x\n"),
        (
            "pyproject.toml",
            "ruff check",
            "[tool.ruff.lint.mccabe]\nmax-complexity = 4\n",
            "[tool.ruff.lint.mccabe]\nmax-complexity = 5\n",
        ),
        ("pyproject.toml", "mypy", "[tool.mypy]\nstrict = true\n", "[tool.mypy]\nstrict = false\n"),
        (
            "package.json",
            "npm test",
            '{"jest": {"coverageThreshold": {"global": {"lines": 90, "branches": 80}}}}',
            '{"jest": {"coverageThreshold": {"global": {"lines": 95, "branches": 70}}}}',
        ),
        (
            "vite.config.ts",
            "vitest",
            "test: { coverage: { thresholds: { lines: 90 } } }\n",
            "test: { coverage: { thresholds: { lines: 50 } } }\n",
        ),
        ("Makefile", "make test", "test:\n\tpytest\n", "test:\n\tpytest -m 'not slow'\n"),
        ("Makefile", "make test", "test:\n\tgo test ./...\n", "test:\n\tgo test -count=0 ./...\n"),
        ("Makefile", "make test", "test:\n\tgo test ./...\n", "test:\n\tgo test -run=Sum ./...\n"),
        ("Makefile", "make test", "test:\n\tpytest\n", "test:\n\t-pytest\n"),
        ("scripts/check.sh", "sh scripts/check.sh", "pytest\n", "pytest\npython3 -m pytest -m fast\n"),
        ("checks/run.py", "python3 checks/run.py", "run(all)\n", "run(some)\n"),
        ("ci/strict.cfg", "pytest -c ci/strict.cfg", "[pytest]\nxfail_strict = true\n", "[pytest]\n"),
        ("package.json", "npm test", '{"scripts": {"test": "a"}}', '{"scripts": {"test": "cd x && a"}}'),
        ("package.json", "npm test", '{"scripts": {"test": "a"}}', '{"scripts": {"test": "echo a"}}'),
        ("package.json", "npm test", '{"scripts": {"test": "a"}}', '{"scripts": {"test": "b && a || c"}}'),
        (
            ".github/workflows/ci.yml",
            "pytest",
            "- uses: actions/checkout@v4\n- uses: example/vitest-action@v1\n",
            "- uses: actions/checkout@v4\n",
        ),
    ],
)
def test_an_edit_of_the_checks_configuration_is_found(
    path: str, command: str, before: str | None, after: str | None
) -> None:
    found = weakened_configuration([_version(path, before, after)], command)
    assert found
    assert {weakening.path for weakening in found} == {path}
    assert all(weakening.line >= 1 for weakening in found)


@pytest.mark.parametrize(
    ("path", "command", "before", "after"),
    [
        (
            "pyproject.toml",
            "pytest",
            '[project]\nversion = "1"\n',
            '[project]\nversion = "2"\ndependencies = ["a"]\n',
        ),
        ("pyproject.toml", "pytest", "[tool.ruff]\nline-length = 80\n", "[tool.ruff]\nline-length = 99\n"),
        (
            "pyproject.toml",
            "pytest",
            "[tool.pytest.ini_options]\nmarkers = []\n",
            '[tool.pytest.ini_options]\n# why\nmarkers = [\n  "slow: takes long",\n]\npythonpath = ["src"]\n',
        ),
        ("setup.cfg", "pytest", "[metadata]\nname = a\n", "[metadata]\nname = b\n[flake8]\nignore = E1\n"),
        (
            "package.json",
            "npm test",
            '{"scripts": {"test": "jest"}}',
            '{"scripts": {"test": "jest", "build": "tsc"}}',
        ),
        (
            "package.json",
            "npm test",
            '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}',
            '{"scripts": {"test": "node --test"}}',
        ),
        (
            "package.json",
            "npm test",
            '{"dependencies": {}}',
            '{"dependencies": {"ignore": "1"}, "scripts": {"test": "jest"}}',
        ),
        (
            "Makefile",
            "make test",
            "test:\n\tpytest\nbuild:\n\tcc a\n",
            "test: build\n\tpytest\nbuild:\n\tcc b\nclean:\n\trm x || true\n",
        ),
        ("Makefile", "make test", "test:\n\tpytest\n", "test:\n\t@# tests\n\tpytest\n\tmypy\n"),
        ("conftest.py", "pytest", "import os\n", "import os\n\n@pytest.fixture\ndef user(): ...\n"),
        (
            ".github/workflows/ci.yml",
            "pytest",
            "- uses: actions/setup-python@v4\n- run: pytest\n",
            "- uses: actions/setup-python@v5\n- run: pytest\n- run: mypy\n",
        ),
        (
            ".github/workflows/ci.yml",
            "pytest",
            "runs-on: ubuntu-latest\n- uses: actions/checkout@v4\n- run: pytest\n",
            "runs-on: ubuntu-24.04\n- uses: actions/checkout@v5\n- run: pytest\n",
        ),
        (
            "scripts/check.sh",
            "sh scripts/check.sh",
            "set -e\npython3 -m pytest -q\n",
            "set -e\npython3 -m compileall -q shop\npython3 -m pytest -q\n",
        ),
        ("Makefile", "make test", "test:\n\tpytest\n", "test:\n\tpython -m compileall .\n\tpytest\n"),
        (
            "pyproject.toml",
            "pytest --cov",
            "[tool.coverage.report]\nfail_under = 90\n",
            "[tool.coverage.report]\nfail_under = 95.5\n",
        ),
        (
            "pyproject.toml",
            "pytest --cov",
            "[tool.coverage.report]\n",
            "[tool.coverage.report]\nfail_under = 9\n",
        ),
        (
            "pyproject.toml",
            "ruff check",
            '[tool.ruff.lint]\nselect = ["E"]\n[tool.ruff.lint.mccabe]\nmax-complexity = 5\n',
            '[tool.ruff.lint]\nselect = ["B", "E"]\n[tool.ruff.lint.mccabe]\nmax-complexity = 4\n',
        ),
        ("pyproject.toml", "mypy", "[tool.mypy]\nstrict = false\n", "[tool.mypy]\nstrict = true\n"),
        (
            "package.json",
            "npm test",
            '{"jest": {"coverageThreshold": {"global": {"lines": 90}}}}',
            '{"jest": {"coverageThreshold": {"global": {"lines": 95}}}}',
        ),
        (
            "vite.config.ts",
            "vitest",
            "test: { coverage: { thresholds: { lines: 90 } } }\n",
            "test: { coverage: { thresholds: { lines: 92 } } }\n",
        ),
        (
            "conftest.py",
            "pytest",
            "import os\n",
            'import os\n\ndef user():\n    """Only for tests that\n    skip or ignore."""\n    # only\n',
        ),
        ("calc.py", "flake8 calc.py", "a = 1\n", "a = 2\n"),
        ("src/calc.js", "npx eslint --fix src/calc.js", "a = 1\n", "a = 2\n"),
        (
            "package.json",
            "npm test",
            '{"scripts": {"test": "node --test"}}',
            '{"scripts": {"test": "node --check src/a.js && node --test"}}',
        ),
        (
            "Makefile",
            "make test",
            "test:\n\tgo test ./...\n",
            "test:\n\tgo test -shuffle=on -count=2 ./...\n",
        ),
        ("Makefile", "make test", "test:\n\t@pytest -q\n", "test:\n\t@pytest -v\n"),
        ("src/ignore.py", "pytest", "skip = 1\n", "ignore = 2\n"),
        ("README.md", "pytest", "pytest\n", "tox\n"),
    ],
)
def test_an_edit_beside_the_checks_is_no_weakening(path: str, command: str, before: str, after: str) -> None:
    assert weakened_configuration([_version(path, before, after)], command) == []


def test_in_a_repository_the_baseline_is_compared_with_the_working_tree(repository: Repository) -> None:
    repository.commit("Add tests", **{"test_a.py": "def test_a():\n    assert 1 + 1 == 2\n"})
    baseline = repository.baseline()
    (repository.root / "test_a.py").unlink()
    repository.commit("feat: be rid of them")
    repository.write("pytest.ini", "[pytest]\naddopts = -k nothing\n")
    changes = repository.changes(baseline).mine
    found = find_weakening(working_versions(repository.git, changes), "pytest")
    assert [(weakening.path, weakening.line) for weakening in found] == [("pytest.ini", 2), ("test_a.py", 1)]


def test_a_one_line_test_is_not_taken_for_another_one_renamed() -> None:
    one = b"class One(TestCase):\n    def test_one(self):\n        self.assertEqual(one(2), 2)\n"
    two = b"class Two(TestCase):\n    def test_two(self):\n        self.assertEqual(two(2), 4)\n"
    found = weakened_tests(
        [FileVersion("tests/test_one.py", one, None), FileVersion("tests/test_two.py", None, two)]
    )
    assert [weakening.what for weakening in found] == ["the test 'test_one' was deleted"]


def test_a_test_that_git_was_told_to_forget_is_deleted_though_it_stays_on_disk(
    repository: Repository,
) -> None:
    repository.commit(**{"tests/test_app.py": "def test_app():\n    assert True is not False\n"})
    baseline = repository.baseline()
    repository.run("rm", "--quiet", "--cached", "tests/test_app.py")
    (repository.root / ".git/info/exclude").write_text("tests/\n")
    versions = working_versions(repository.git, repository.changes(baseline).mine)
    assert [weakening.what for weakening in find_weakening(versions, "pytest")] == [
        "the test 'test_app' was deleted"
    ]
