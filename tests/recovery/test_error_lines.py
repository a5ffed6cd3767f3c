"""The lines that tell why, out of all that was printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.recovery.error_lines import LINE_LIMIT, LINES_LIMIT, TAIL_LIMIT, error_lines


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        # pytest: names, code and captured output are left out
        (
            "___ test_timeout ___\n>   wait(timeout=3)\nE   ValueError: bad\nCaptured: ECONNRESET\n"
            "FAILED t.py::test_timeout - ValueError: bad",
            ("ValueError: bad", "ValueError: bad"),
        ),
        # of chained exceptions the last is what the test failed with, in each test for itself
        (
            "___ test_a ___\nE   KeyError: 'x'\n"
            "During handling of the above exception, another exception occurred:\n"
            "E   ConnectionError: y\n___ test_b ___\nE   TypeError: z\n",
            ("ConnectionError: y", "TypeError: z"),
        ),
        # pytest was called wrongly
        (
            "=========== ERRORS ===========\nERROR: not found: timeout/test_x.py",
            ("ERROR: not found: timeout/test_x.py",),
        ),
        # cargo: the panic and what follows it, not what the test printed before
        (
            "running 1 test\ntest timeout ... FAILED\n---- timeout stdout ----\nconnection refused\n"
            "thread 'timeout' (68) panicked at src/main.rs:1:23:\nassertion failed\n left: 1\nright: 2\nmore",
            ("panicked at src/main.rs:1:23:", "assertion failed", "left: 1", "right: 2"),
        ),
        # go: what stands at a place in a test, and panics
        (
            "=== RUN TestTimeout\nlogged: i/o timeout\n--- FAIL: TestTimeout (0.00s)\n"
            "    a_test.go:3: got 1, want 2\npanic: oh",
            ("a go test failed", "got 1, want 2", "panic: oh"),
        ),
        # TAP
        ("ok 1 - x\nnot ok 2 - times out\n  ---\n  error: 'boom'\n  at: t.js", ("error: 'boom'",)),
        # jest and mocha: below the name, without the code
        (
            "console.log ECONNRESET\n  ● net \u203a handles a timeout\n\n    expect(a).toBe(b)\n\n"
            "      12 |  x\n  at a.js",
            ("expect(a).toBe(b)",),
        ),
        ("  1) queue\n       times out:\n     Error: boom", ("Error: boom",)),
        # a chain outside of pytest
        ("KeyError: 'a'\n\nDuring handling of the above exception, x\n\nOSError: b", ("OSError: b",)),
        # places are taken off, and what is an error at a place is said to be one
        ("src/timeout.c:4:5: error: bad", ("in a source file: error: bad",)),
        ("src/net.ts(3,7): error TS2322: bad", ("in a source file: error TS2322: bad",)),
        # what is plainly something else
        ("error: x\nhint: try again later\n  |\n --> src/a.rs:1:2\n✓ times out", ("error: x",)),
        ("", ()),
        ("\n \n", ()),
    ],
)
def test_the_telling_lines_are_found(message: str, lines: tuple[str, ...]) -> None:
    assert error_lines(message) == lines


@given(st.text())
def test_any_text_gives_short_lines_that_are_no_more_than_are_looked_at(text: str) -> None:
    for line in error_lines(text * 5):
        assert len(line) <= LINE_LIMIT + 20


def test_no_more_is_looked_at_than_the_limits_say() -> None:
    assert error_lines("early\n" + "x\n" * TAIL_LIMIT) == ("x",) * LINES_LIMIT
    assert error_lines("y" * 10 * TAIL_LIMIT) == ("y" * LINE_LIMIT,)
    assert len(error_lines("E   x\n" * 5000)) == LINES_LIMIT
