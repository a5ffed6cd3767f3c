"""The documented calls are tried in the projects that the engine is tried in."""

from tests.engine.conftest import _no_settings_of_this_machine, a_client, batch

__all__ = ["_no_settings_of_this_machine", "a_client", "batch"]
