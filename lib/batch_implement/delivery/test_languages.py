"""How tests look in six families of languages, line by line.

Reading lines is coarser than parsing, and needs no parser of any language's next version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Patterns for stripped lines of code.

    ``path`` says which files hold tests (None: any of these suffixes may). ``name`` finds a test, in the
    one group that took part; ``mark`` finds a line that belongs to the function after it, and
    ``test_mark`` the marks without which ``name`` is no test. ``function`` finds what else begins there.
    """

    suffixes: tuple[str, ...]
    path: re.Pattern[str] | None
    name: re.Pattern[str]
    assertion: re.Pattern[str]
    skip: re.Pattern[str]
    trivial: re.Pattern[str]
    mark: re.Pattern[str] | None = None
    test_mark: re.Pattern[str] | None = None
    function: re.Pattern[str] | None = None
    comments: tuple[str, ...] = ("//", "*")
    blocks: tuple[tuple[str, str], ...] = (("/*", "*/"),)


LANGUAGES = (
    Language(
        suffixes=(".py",),
        path=re.compile(r"(?:.*/)?(?:test_[^/]*|[^/]*_tests?|tests|conftest)\.py"),
        name=re.compile(r"(?:async )?def (test\w*) ?\("),
        assertion=re.compile(
            r"assert\b|(?:self|cls)\.(?:assert|fail)\w*\(|\w+\.assert_\w+\("
            r"|(?:with )?(?:pytest\.|self\.)?(?:raises|warns|fail|assert\w+)\("
        ),
        skip=re.compile(
            r"@\w*\.?(?:mark\.)?(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b"
            r"|pytest\.(?:skip|xfail)\(|pytestmark\b.*\b(?:skip|xfail)|self\.skipTest\("
            r"|raise (?:unittest\.)?SkipTest|__test__ ?= ?False"
        ),
        trivial=re.compile(r"assert (?:True|1|not False)(?: *,.*)?|self\.assertTrue\(True\)"),
        mark=re.compile(r"@"),
        function=re.compile(r"(?:async )?(?:def|class) (\w+)"),
        comments=("#",),
        blocks=(('"""', '"""'), ("'''", "'''")),
    ),
    Language(
        suffixes=(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"),
        path=re.compile(
            r"(?:.*/)?(?:[^/]*[.-](?:test|spec)\.[a-z]+|(?:__tests__|tests?|spec)/.*|test\.[a-z]+)"
        ),
        name=re.compile(
            r"[xf]?(?:it|test|specify)(?:\.\w+){0,3}(?:\([^()]*\))? ?\( ?"
            r"(?:'([^']*)'|\"([^\"]*)\"|`([^`]*)`)"
        ),
        assertion=re.compile(
            r"(?:await )?(?:expect\w*|assert\w*|should)[.(]|.*\.should[.(]|t\.(?:is|deepEqual|true)\("
        ),
        skip=re.compile(
            r"(?:it|test|describe|context|suite|specify)(?:\.\w+)?\.(?:skip|only|todo|fails|failing|fixme)\b"
            r"|(?:xit|xtest|xdescribe|xcontext|fit|fdescribe)\(|this\.skip\("
        ),
        trivial=re.compile(r"expect\((true|1)\)\.to(?:Be|Equal)\(\1\);?|assert(?:\.ok)?\(true\);?"),
    ),
    Language(
        suffixes=(".go",),
        path=re.compile(r".*_test\.go"),
        name=re.compile(r"func ((?:Test|Fuzz|Example|Benchmark)\w*)\("),
        assertion=re.compile(
            r".*\b[tbf]\.(?:Errorf?|Fatalf?|Fail|FailNow)\(|.*\b(?:assert|require|is)\.\w+\("
        ),
        skip=re.compile(r".*\b[tbf]\.(?:Skip|Skipf|SkipNow)\(|//go:build ignore"),
        trivial=re.compile(r"(?:assert|require)\.True\(t, true\)"),
        function=re.compile(r"func (\w+)\("),
    ),
    Language(
        suffixes=(".rs",),
        path=None,
        name=re.compile(r"(?:pub )?(?:async )?fn (\w+)"),
        assertion=re.compile(r"(?:\w+::)?(?:debug_)?assert\w*!|panic!|#\[should_panic"),
        skip=re.compile(r"#\[ignore|#\[cfg_attr\(.*\bignore\b"),
        trivial=re.compile(r"assert!\(true\);?"),
        mark=re.compile(r"#\["),
        test_mark=re.compile(r"#\[(?:\w+::)?(?:test|rstest|test_case)\b"),
        function=re.compile(r"(?:pub )?(?:async )?fn (\w+)"),
    ),
    Language(
        suffixes=(".rb",),
        path=re.compile(r"(?:.*/)?(?:[^/]*_(?:spec|test)|test_[^/]*)\.rb"),
        name=re.compile(
            r"(?:[xf]?(?:it|specify|scenario|example)|test)[ (]+(?:'([^']*)'|\"([^\"]*)\")|def (test_\w+)"
        ),
        assertion=re.compile(r"(?:expect|is_expected|assert|refute)\w*\b|.*\.(?:should|must_|wont_)"),
        skip=re.compile(
            r"(?:xit|xdescribe|xcontext|xspecify|fit|fdescribe|fcontext|pending|skip)\b"
            r"|(?:it|describe|context|specify)\b.*"
            r"(?:\b(?:skip|pending|focus): ?(?!false)|:(?:skip|pending|focus)\b)"
        ),
        trivial=re.compile(r"expect\(true\)\.to (?:be true|eq\(?true\)?|be_truthy)|assert(?: true|\(true\))"),
        comments=("#",),
        blocks=(("=begin", "=end"),),
    ),
    Language(
        suffixes=(".java", ".kt", ".kts", ".scala", ".groovy", ".cs"),
        path=re.compile(
            r"(?:.*/)?(?:src/\w*[tT]est/.*|[^/]*(?:Test|Tests|IT|Spec|TestCase)\.[a-z]+|Test[^/]*\.[a-z]+)"
        ),
        name=re.compile(r"(?:[\w<>\[\]]+ ){0,4}(?:void|fun|Task) (\w+|`[^`]+`) ?\("),
        assertion=re.compile(
            r"(?:\w+\.)?(?:assert\w*|verify\w*|fail|check|expect\w*|That)\b ?\(|Assert\.\w+\("
        ),
        skip=re.compile(
            r"@(?:Disabled|Ignore)|\[Ignore|\[Fact\(Skip|@Test\(.*enabled ?= ?false|(?:\w+\.)?assume\w+\("
        ),
        trivial=re.compile(r"assertTrue\(true\);?"),
        mark=re.compile(r"@|\["),
        test_mark=re.compile(r"@\w*Test\b|\[(?:Test|Fact|Theory|TestCase|TestMethod)\b"),
        function=re.compile(r"(?:[\w<>\[\]]+ ){0,4}(?:void|fun|Task) (\w+) ?\("),
    ),
)


def language_of(path: str) -> Language | None:
    """The language of a file that holds tests, None for one that holds none by its name."""
    for language in LANGUAGES:
        if path.endswith(language.suffixes):
            return language if language.path is None or language.path.fullmatch(path) else None
    return None
