"""Everything in the package is used, or stands with its reason in ``vulture_allowed.py``."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_what_is_allowed_is_there_and_nothing_else_is_unused() -> None:
    command = [sys.executable, "-m", "vulture", "lib", "--min-confidence", "60"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    unused = set(re.findall(r"unused \w+ '(\w+)'", said.stdout))
    tree = ast.parse((ROOT / "tests/vulture_allowed.py").read_text())
    allowed = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert said.stderr == ""
    assert unused == set(allowed)
    assert len(allowed) == len(set(allowed))
