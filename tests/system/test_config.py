"""The settings come from the environment, over ``.env``, over the defaults; a hostile file is harmless."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from batch_implement.errors import ConfigError
from batch_implement.system.settings.config import Config, load_config
from batch_implement.system.settings.declared import SETTINGS

LIB = Path(__file__).resolve().parents[2] / "lib"
LIMIT = 64 * 1024


def _config(root: Path, content: str | bytes = "", environment: dict[str, str] | None = None) -> Config:
    (root / ".env").write_bytes(content.encode() if isinstance(content, str) else content)
    return load_config(root, environment or {})


def _refusal(root: Path, content: str | bytes = "", environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        _config(root, content, environment)
    return str(caught.value)


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    config = load_config(tmp_path, {})
    assert config.origins == {setting.name: "default" for setting in SETTINGS}
    assert config.flag("AUTO_GIT_ENABLED")
    assert config.text("BATCH_VERIFY_COMMAND") == ""
    assert config.number("BATCH_VERIFY_TIMEOUT") == 3600


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    config = _config(
        tmp_path,
        "AUTO_GIT_ENABLED=false\nBATCH_VERIFY_TIMEOUT=60\n",
        {"BATCH_VERIFY_TIMEOUT": "30"},
    )
    assert not config.flag("AUTO_GIT_ENABLED")
    assert config.number("BATCH_VERIFY_TIMEOUT") == 30
    assert config.origins["AUTO_GIT_ENABLED"] == ".env"
    assert config.origins["BATCH_VERIFY_TIMEOUT"] == "the environment"
    assert config.origins["BATCH_WORKFLOW"] == "default"


@pytest.mark.parametrize(
    "line",
    [
        "AUTO_GIT_ENABLED=false",
        "export AUTO_GIT_ENABLED=false",
        "AUTO_GIT_ENABLED = false # not tonight",
        "AUTO_GIT_ENABLED='false'",
        'AUTO_GIT_ENABLED="false"',
        "\ufeffAUTO_GIT_ENABLED=false",
        "AUTO_GIT_ENABLED=true\r\nAUTO_GIT_ENABLED=false\r\n",
        "this line is nothing\n=\nAUTO_GIT_ENABLED=false",
    ],
)
def test_the_file_is_read_as_people_write_it(tmp_path: Path, line: str) -> None:
    assert not _config(tmp_path, line).flag("AUTO_GIT_ENABLED")


def test_a_command_keeps_its_quotes_and_dollars(tmp_path: Path) -> None:
    config = _config(tmp_path, "BATCH_VERIFY_COMMAND=\"pytest -k 'a b' ${HOME} $X\"\n")
    assert config.text("BATCH_VERIFY_COMMAND") == "pytest -k 'a b' ${HOME} $X"


def test_other_peoples_settings_are_theirs(tmp_path: Path) -> None:
    others = "BATCH_SIZE=64\nBATCH_NORM=true\nAUTO_GIT_EDITOR_THEME=dark\nDEBUG=\nDATABASE_URL=postgres://u:p@h/d\n"
    config = _config(tmp_path, others, {"BATCH_SIZE": "x"})
    assert set(config.values) == {setting.name for setting in SETTINGS}


def test_names_that_begin_as_ours_do_are_known_as_unknown(tmp_path: Path) -> None:
    given = {"BATCH_SIZE": "x", "BATCH_IMPLEMENT_HOME": "/x", "BATCH_ORDER": "given"}
    config = _config(tmp_path, "BATCH_NORM=true\nBATCH_RETRY_ENABLED=no\n", given)
    assert config.unknown == (("the environment", "BATCH_SIZE"), (".env", "BATCH_NORM"))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("AUTO_GIT_ENABLE", "AUTO_GIT_ENABLED"),
        ("AUTO_GIT_ENABELD", "AUTO_GIT_ENABLED"),
        ("BATCH_VERIFY_COMAND", "BATCH_VERIFY_COMMAND"),
        ("BATCH_VERIFY_CMD", "BATCH_VERIFY_COMMAND"),
        ("BATCH_VERIFY_TIMEOUTS", "BATCH_VERIFY_TIMEOUT"),
        ("BATCH_WORKFLOWS", "BATCH_WORKFLOW"),
    ],
)
def test_a_misspelt_name_is_told_with_the_right_one(tmp_path: Path, wrong: str, right: str) -> None:
    message = f"sets {wrong}, which is not a setting. Did you mean {right}?"
    assert _refusal(tmp_path, f"{wrong}=false\n") == f".env {message}"
    assert _refusal(tmp_path, "", {wrong: "false"}) == f"the environment {message}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("AUTO_GIT_ENABLED=maybe", "AUTO_GIT_ENABLED in .env is 'maybe'; it has to be true or false."),
        ("AUTO_GIT_ENABLED=", "AUTO_GIT_ENABLED in .env is ''; it has to be true or false."),
        ("AUTO_GIT_ENABLED", "AUTO_GIT_ENABLED in .env is ''; it has to be true or false."),
        (
            "BATCH_VERIFY_TIMEOUT=1h",
            "BATCH_VERIFY_TIMEOUT in .env is '1h'; it has to be a whole number of seconds from 1 to 86400.",
        ),
        ("BATCH_WORKFLOW=fast", "BATCH_WORKFLOW in .env is 'fast'; it has to be auto-implement or direct."),
        ("BATCH_VERIFY_COMMAND='a\nb'", r"BATCH_VERIFY_COMMAND in .env is 'a\nb'; it has to be one"),
        ("BATCH_VERIFY_COMMAND=a\0b", r"BATCH_VERIFY_COMMAND in .env is 'a\x00b'; it has to be one"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_named_with_its_place_and_what_it_may_be(
    tmp_path: Path, line: str, message: str
) -> None:
    assert _refusal(tmp_path, line + "\n").startswith(message)


def test_a_malformed_value_in_the_environment_is_named_too(tmp_path: Path) -> None:
    assert _refusal(tmp_path, "", {"AUTO_GIT_ENABLED": "ja"}).startswith(
        "AUTO_GIT_ENABLED in the environment is 'ja'"
    )


# --- a hostile .env ---------------------------------------------------------------------------------

HOSTILE = {
    "a preload": "LD_PRELOAD=/tmp/evil.so\nLD_LIBRARY_PATH=/tmp\nPATH=/tmp/evil:/bin\nPYTHONPATH=/tmp\n",
    "git's own": "GIT_SSH_COMMAND=touch /tmp/x\nGIT_DIR=/tmp\nNODE_OPTIONS=--require=/x\n",
    "control characters": "X=\x00\x01\x1b]0;title\x07\n\x00\x00\n",
    "a name that is no name": "BATCH_=1\nBATCH_\x1b[31m=2\n=\n====\nBATCH_'\"=3\n",
    "quotes that never end": "A=\"\nB='\nC=\"\"\"\nD='''\\\n",
    "much of nothing": "\n" * (LIMIT - 1),
    "many names": "".join(f"BATCH_{number}=x\n" for number in range(4_000)),
    "one long name": "BATCH_" + "X" * 60_000 + "=1\n",
    "one long value": "BATCH_SIZE=" + "9" * 60_000 + "\n",
    "open quotes": 'A="' * 20_000,
    "escaped quotes": "A='" + "\\'" * 30_000,
    "backslashes": "A=" + "\\" * 60_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_changes_nothing(tmp_path: Path, content: str) -> None:
    before = dict(os.environ)
    config = _config(tmp_path, content)
    assert config.values == load_config(tmp_path / "nowhere", {}).values
    assert dict(os.environ) == before


def test_a_setting_beside_hostile_lines_is_still_read(tmp_path: Path) -> None:
    content = f"{HOSTILE['a preload']}AUTO_GIT_ENABLED=false\n{HOSTILE['quotes that never end']}"
    assert not _config(tmp_path, content).flag("AUTO_GIT_ENABLED")


@pytest.mark.parametrize(
    "content",
    [
        "A=${" * 16_000,  # quadratic where dotenv expands: 100 KB of it took 83 s
        "A=" + "${" * 30_000,
        "A=${B:-${" * 7_000,
        "A=$" * 20_000,
        *(text for name, text in HOSTILE.items() if name in {"open quotes", "escaped quotes", "many names"}),
    ],
)
def test_no_file_makes_the_reader_run_away(tmp_path: Path, content: str) -> None:
    (tmp_path / ".env").write_text(content[:LIMIT])
    code = (
        f"import sys; sys.path.insert(0, {str(LIB)!r})\n"
        "from pathlib import Path\nfrom batch_implement.system.settings.config import load_config\n"
        "assert load_config(Path.cwd(), {}).flag('AUTO_GIT_ENABLED')"
    )
    # A bound on the processor's time, not on the clock: the machine may be busy.
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (10, 10)),
    )


def test_a_warning_of_the_reader_does_not_land_in_our_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _config(tmp_path, "this is no assignment\n'\n")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"X=" + b"x" * 100_000, ".env is larger than 64 KB"),
        (
            b"# Gr\xfc\xdfe\nAUTO_GIT_ENABLED=false\n",
            ".env, line 1: it is not UTF-8 text. Save the file as UTF-8.",
        ),
        ("AUTO_GIT_ENABLED=false\n".encode("utf-16"), ".env, line 1: it is not UTF-8 text"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, words: str
) -> None:
    assert words in _refusal(tmp_path, content)


def test_a_fifo_in_its_place_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    with pytest.raises(ConfigError, match="not a regular file"):
        load_config(tmp_path, {})


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigError, match="not a regular file"):
        load_config(tmp_path, {})


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to(".env")
    with pytest.raises(ConfigError, match="can't be read"):
        load_config(tmp_path, {})


def test_a_link_to_nothing_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to("shared.env")
    assert load_config(tmp_path, {}).origins["AUTO_GIT_ENABLED"] == "default"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="AUTO_GIT_ENABLED='")
@given(
    text=st.text(
        st.one_of(
            st.sampled_from(list("ABCH_GIT=\"'$\\{}#\n \t\r\0:-")), st.characters(exclude_categories=["Cs"])
        ),
        max_size=120,
    )
)
def test_any_text_gives_settings_or_a_sentence(tmp_path: Path, text: str) -> None:
    try:
        config = _config(tmp_path, text)
    except ConfigError:
        return
    assert set(config.values) == {setting.name for setting in SETTINGS}
