"""The plugin, and the projects that its hooks are tried in."""

from tests.git_repositories import empty_repository, git_home, repository
from tests.lifecycle.conftest import _no_settings_of_this_machine, a_client, batch
from tests.plugin import plugin, plugin_home

__all__ = [
    "_no_settings_of_this_machine",
    "a_client",
    "batch",
    "empty_repository",
    "git_home",
    "plugin",
    "plugin_home",
    "repository",
]
