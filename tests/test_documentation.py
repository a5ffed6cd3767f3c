"""The documents say what is true now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from batch_implement.cli.main import SUBCOMMANDS, usage
from batch_implement.execution.client.installation import OLDEST
from batch_implement.presentation.doctor import WHICH
from batch_implement.system.settings.declared import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROSE = [
    (path, limit)
    for pattern, limit in (("commands/*.md", 60), ("agents/*.md", 60), ("skills/*/SKILL.md", 150))
    for path in sorted(ROOT.glob(pattern))
]


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")]
    table = [row for row in rows if re.match(r"\| `(?:AUTO_GIT|BATCH)_", row)]
    wanted = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else 'empty'} | {setting.meaning} |"
        for setting in SETTINGS
    ]
    assert table == wanted


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_that_is_named_is_there(document: Path) -> None:
    text = document.read_text()
    named = re.findall(r"(?:python -m |`)((?:benchmarks|tests)\.[a-z_.]+)", text)
    named += [f"lib.{name}" for name in re.findall(r"(?:from |`)(batch_implement(?:\.[a-z_]+)+)", text)]
    paths = [ROOT.joinpath(*name.split(".")) for name in named if name != "benchmarks."]
    assert [str(path) for path in paths if not (path.is_dir() or path.with_suffix(".py").is_file())] == []


def test_contributing_names_every_room() -> None:
    rows = re.findall(r"^\| `([a-z_]+)/", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    rooms = {path.parent.name for path in (ROOT / "lib/batch_implement").glob("*/__init__.py")}
    assert set(rows) == rooms


def test_the_architecture_fits_a_screen_and_a_half() -> None:
    assert len((ROOT / "docs/architecture.md").read_text().splitlines()) <= 90


@pytest.mark.parametrize(("path", "limit"), PROSE, ids=lambda value: getattr(value, "stem", ""))
def test_what_claude_reads_is_short_and_has_a_head_that_can_be_read(path: Path, limit: int) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= limit
    head = yaml.safe_load(text.split("---")[1])
    assert head["name"]
    assert head["description"]


@pytest.mark.parametrize(
    "path", ["README.md", *(f"commands/{path.name}" for path in ROOT.glob("commands/*.md"))]
)
def test_the_oldest_client_is_named(path: str) -> None:
    text = " ".join((ROOT / path).read_text().split())
    assert re.findall(r"\b2\.1\.\d+(?= or newer)", text) == [OLDEST]


@pytest.mark.parametrize("path", ["README.md", "docs/compared.md"])
def test_what_to_take_for_what_is_said_in_one_set_of_words(path: str) -> None:
    text = (ROOT / path).read_text().replace("`", "")
    assert [line for line in WHICH if f"- {line}\n" not in text] == []


def test_there_is_prose_of_each_kind() -> None:
    assert {path.relative_to(ROOT).parts[0] for path, _ in PROSE} == {"commands", "agents", "skills"}


def test_the_usage_has_a_line_for_every_subcommand() -> None:
    lines = usage().splitlines()
    assert all(any(line.split()[:1] == [name] for line in lines) for name in SUBCOMMANDS)
