"""The page of screens shows what the client shows: a change of words is a change of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.client.screens import PAGE, page

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.client


@pytest.mark.timeout(900)
def test_the_page_of_screens_is_what_the_client_shows(
    executable: Path, plugin_home: Path, tmp_path: Path
) -> None:
    """Otherwise: python -m tests.client.screens, and a look at what has changed."""
    assert page(executable, plugin_home, tmp_path) == PAGE.read_text(encoding="utf-8")
