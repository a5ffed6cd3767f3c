"""What another process was started with is asked of the system."""

from __future__ import annotations

import subprocess

from batch_implement.system.process.identity import identity
from batch_implement.system.process.started_with import environment_of


def test_the_environment_of_a_process_is_what_it_was_started_with() -> None:
    given = {"PATH": "/bin:/usr/bin", "GREETING": "hello = you"}
    script = "GREETING=changed; echo; read line"
    with subprocess.Popen(["sh", "-c", script], env=given, stdin=-1, stdout=-1) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert environment_of(identity(process.pid)) == given
        process.communicate()


def test_a_process_that_has_ended_has_none() -> None:
    with subprocess.Popen(["sh", "-c", "read line"], stdin=-1) as process:
        note = identity(process.pid)
        process.communicate()
    assert environment_of(note) == {}


def test_another_process_of_the_same_number_is_not_taken_for_it() -> None:
    with subprocess.Popen(["sh", "-c", "read line"], stdin=-1) as process:
        number, _, boot = identity(process.pid).split(" ")
        assert environment_of(f"{number} 1 {boot}") == {}
        process.communicate()
