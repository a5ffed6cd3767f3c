"""How tests look in six families of languages, line by line.

Reading lines is coarser than parsing, and needs no parser of any language's next version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _begin(pattern: str) -> re.Pattern[str]:
    """A pattern for the beginning of a text only; a search with it costs no more than a match."""
    return re.compile(rf"\A(?:{pattern})")


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
        path=_begin(r"(?:.{0,1000}/)?(?:test_[^/]*|[^/]*_tests?|tests|conftest)\.py"),
        name=_begin(r"(?:async )?def (test\w*) ?\("),
        assertion=_begin(
            r"assert\b|(?:self|cls)\.(?:assert|fail)\w*\(|\w+\.assert_\w+\("
            r"|(?:with )?(?:pytest\.|self\.)?(?:raises|warns|fail|assert\w+)\("
        ),
        skip=_begin(
            r"@\w*\.?(?:mark\.)?(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b"
            r"|pytest\.(?:skip|xfail)\(|pytestmark\b.*\b(?:skip|xfail)|self\.skipTest\("
            r"|raise (?:unittest\.)?SkipTest|__test__ ?= ?False"
        ),
        trivial=_begin(r"assert (?:True|1|not False)(?: *,.*)?|self\.assertTrue\(True\)"),
        mark=_begin(r"@"),
        function=_begin(r"(?:async )?(?:def|class) (\w+)"),
        comments=("#",),
        blocks=(('"""', '"""'), ("'''", "'''")),
    ),
    Language(
        suffixes=(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"),
        path=_begin(
            r"(?:.{0,1000}/)?(?:[^/]{0,250}[.-](?:test|spec)\.[a-z]+|(?:__tests__|tests?|spec)/.*|test\.[a-z]+)"
        ),
        name=_begin(
            r"[xf]?(?:it|test|specify)(?:\.\w{1,50}){0,3}(?:\([^()]{0,500}\))? ?\( ?"
            r"(?:'([^']*)'|\"([^\"]*)\"|`([^`]*)`)"
        ),
        assertion=_begin(
            r"(?:await )?(?:expect\w*|assert\w*|should)[.(]|.*\.should[.(]|t\.(?:is|deepEqual|true)\("
        ),
        skip=_begin(
            r"(?:it|test|describe|context|suite|specify)(?:\.\w+)?\.(?:skip|only|todo|fails|failing|fixme)\b"
            r"|(?:xit|xtest|xdescribe|xcontext|fit|fdescribe)\(|this\.skip\("
        ),
        trivial=_begin(r"expect\((true|1)\)\.to(?:Be|Equal)\(\1\);?|assert(?:\.ok)?\(true\);?"),
    ),
    Language(
        suffixes=(".go",),
        path=_begin(r".*_test\.go"),
        name=_begin(r"func ((?:Test|Fuzz|Example|Benchmark)\w*)\("),
        assertion=_begin(
            r".{0,1000}\b[tbf]\.(?:Errorf?|Fatalf?|Fail|FailNow)\(|.{0,1000}\b(?:assert|require|is)\.\w+\("
        ),
        skip=_begin(r".*\b[tbf]\.(?:Skip|Skipf|SkipNow)\(|//go:build ignore"),
        trivial=_begin(r"(?:assert|require)\.True\(t, true\)"),
        function=_begin(r"func (\w+)\("),
    ),
    Language(
        suffixes=(".rs",),
        path=None,
        name=_begin(r"(?:pub )?(?:async )?fn (\w+)"),
        assertion=_begin(r"(?:\w+::)?(?:debug_)?assert\w*!|panic!|#\[should_panic"),
        skip=_begin(r"#\[ignore|#\[cfg_attr\(.*\bignore\b"),
        trivial=_begin(r"assert!\(true\);?"),
        mark=_begin(r"#\["),
        test_mark=_begin(r"#\[(?:\w+::)?(?:test|rstest|test_case)\b"),
        function=_begin(r"(?:pub )?(?:async )?fn (\w+)"),
    ),
    Language(
        suffixes=(".rb",),
        path=_begin(r"(?:.{0,1000}/)?(?:[^/]*_(?:spec|test)|test_[^/]*)\.rb"),
        name=_begin(
            r"(?:[xf]?(?:it|specify|scenario|example)|test)[ (]+(?:'([^']*)'|\"([^\"]*)\")|def (test_\w+)"
        ),
        assertion=_begin(r"(?:expect|is_expected|assert|refute)\w*\b|.*\.(?:should|must_|wont_)"),
        skip=_begin(
            r"(?:xit|xdescribe|xcontext|xspecify|fit|fdescribe|fcontext|pending|skip)\b"
            r"|(?:it|describe|context|specify)\b.*"
            r"(?:\b(?:skip|pending|focus): ?(?!false)|:(?:skip|pending|focus)\b)"
        ),
        trivial=_begin(r"expect\(true\)\.to (?:be true|eq\(?true\)?|be_truthy)|assert(?: true|\(true\))"),
        comments=("#",),
        blocks=(("=begin", "=end"),),
    ),
    Language(
        suffixes=(".java", ".kt", ".kts", ".scala", ".groovy", ".cs"),
        path=_begin(
            r"(?:.{0,1000}/)?(?:src/\w{0,100}[tT]est/.*|[^/]{0,250}(?:Test|Tests|IT|Spec|TestCase)\.[a-z]+|Test[^/]{0,250}\.[a-z]+)"
        ),
        name=_begin(r"(?:[\w<>\[\]]+ ){0,4}(?:void|fun|Task) (\w+|`[^`]+`) ?\("),
        assertion=_begin(r"(?:\w+\.)?(?:assert\w*|verify\w*|fail|check|expect\w*|That)\b ?\(|Assert\.\w+\("),
        skip=_begin(
            r"@(?:Disabled|Ignore)|\[Ignore|\[Fact\(Skip|@Test\(.*enabled ?= ?false|(?:\w+\.)?assume\w+\("
        ),
        trivial=_begin(r"assertTrue\(true\);?"),
        mark=_begin(r"@|\["),
        test_mark=_begin(r"@\w*Test\b|\[(?:Test|Fact|Theory|TestCase|TestMethod)\b"),
        function=_begin(r"(?:[\w<>\[\]]+ ){0,4}(?:void|fun|Task) (\w+) ?\("),
    ),
)


def language_of(path: str) -> Language | None:
    """The language of a file that holds tests, None for one that holds none by its name."""
    for language in LANGUAGES:
        if path.endswith(language.suffixes):
            return language if language.path is None or language.path.fullmatch(path) else None
    return None
