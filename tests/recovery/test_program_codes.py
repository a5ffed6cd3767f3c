"""What the exit code of a program says that printed no reason."""

from __future__ import annotations

import pytest

from batch_implement.recovery.program_codes import by_program_code


@pytest.mark.parametrize(
    ("message", "exit_code", "found"),
    [
        ("wget -q http://x/a.tgz\nmake: *** [Makefile:2: get] Error 4", 2, ("wget", True)),
        ("wget -q http://x/a.tgz\nmake: *** [Makefile:2: get] Error 6", 2, ("wget", False)),
        ("CalledProcessError: Command '['curl', '-f']' returned non-zero exit status 7.", 1, ("curl", True)),
        ("Command 'ssh host true' returned non-zero exit status 255", None, ("ssh", True)),
        ("+ rsync -a . host:", 30, ("rsync", True)),
        ("$ /usr/bin/psql -c x", 2, ("psql", True)),
        ("gh pr create", 4, ("gh", False)),
        # wget's 8 is any answer of a server, and 1 of most is anything
        ("wget -q http://x/a.tgz", 8, None),
        ("make: *** [Makefile:2: get] Error 4", 2, None),
        ("the wget of last week exited with 4", 1, None),
        ("curl -f http://x", None, None),
    ],
)
def test_a_code_counts_behind_the_call_of_its_program(
    message: str, exit_code: int | None, found: tuple[str, bool] | None
) -> None:
    assert by_program_code(message.splitlines(), exit_code) == found
