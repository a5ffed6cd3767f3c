"""What JSON has, for whoever reads or writes it at an edge. Inside of the program there are records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]
"""One that was just read, or is being made."""
JsonMapping = Mapping[str, Any]
"""One that is only looked at."""
