"""What git ignores and a check needs is in a scratch workspace, and what is the project's own is not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from batch_implement.workspace.preparation import bring_along, environment_in, prepare
from batch_implement.workspace.scratch import scratch_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git_repositories import Repository

NOTHING = {"PATH": "", "HOME": "/nonexistent"}


def _modules(repository: Repository) -> None:
    repository.write("node_modules/react/index.js")
    scope = repository.root / "node_modules/@shop"
    scope.mkdir()
    (scope / "library").symlink_to("../../packages/library")


def test_packages_are_linked_and_those_of_the_repository_lead_into_the_workspace(
    repository: Repository,
) -> None:
    base = repository.commit(**{".gitignore": "node_modules\n", "packages/library/index.js": "1"})
    _modules(repository)
    preparation = prepare(repository.git, NOTHING)
    with scratch_workspace(repository.git, base) as scratch:
        bring_along(repository.root, scratch.root, preparation)
        modules = scratch.root / "node_modules"
        assert (modules / "react").resolve() == repository.root / "node_modules/react"
        assert (modules / "@shop/library").resolve() == (scratch.root / "packages/library").resolve()


def test_small_files_are_copied_and_caches_stay_where_they_are(repository: Repository) -> None:
    repository.commit(**{".gitignore": "*.local\n__pycache__\nbuild\ndata\n", "a.py": "1"})
    repository.write("settings.local", "1")
    repository.write("__pycache__/a.pyc")
    repository.write("build/a.o")
    repository.write("data/large")
    repository.write(".claude/batch_state.json")
    preparation = prepare(repository.git, NOTHING)
    assert preparation.copied == ("settings.local",)
    assert preparation.linked == ("data",)


def test_what_a_feature_made_is_no_part_of_it(repository: Repository) -> None:
    repository.commit(**{".gitignore": "lib\n", "a.py": "1"})
    repository.write("lib/old.py")
    repository.write("lib/new.py")
    repository.write("feature.py")
    preparation = prepare(repository.git, NOTHING, ("lib/new.py", "feature.py"))
    assert preparation.copied == ("lib/old.py",)
    assert preparation.linked == ()


def test_python_is_led_to_the_workspace_before_an_editable_installation(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit(**{".gitignore": ".venv\n", "src/shop/__init__.py": "", "lib/other/__init__.py": ""})
    site = repository.root / ".venv/lib/python3.11/site-packages"
    repository.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
    repository.write(
        str(site.relative_to(repository.root) / "_shop.pth"), f"{repository.root}/src\n/usr/lib/other\n"
    )
    finder = f"import sys\nMAPPING: dict[str, str] = {{'other': '{repository.root}/lib/other'}}\n"
    repository.write(str(site.relative_to(repository.root) / "__editable___other_1_finder.py"), finder)
    environment = {**NOTHING, "PYTHONPATH": f"/elsewhere{os.pathsep}{repository.root}/tools"}
    preparation = prepare(repository.git, environment)
    assert preparation.imports == ("src", "lib")
    inside = environment_in(tmp_path, repository.root, preparation, environment, tmp_path / "built")
    assert inside["PYTHONPATH"].split(os.pathsep) == [
        f"{tmp_path}/src",
        f"{tmp_path}/lib",
        "/elsewhere",
        f"{tmp_path}/tools",
    ]
    assert inside["PWD"] == str(tmp_path)
