"""Commands are tried in the same projects as hooks are."""

from tests.session.conftest import *  # noqa: F403 -- all of its fixtures
