"""The repositories, states and plugins that tests of every folder take."""

from tests.batch_projects import state, state_file
from tests.git_repositories import busy_repository, empty_repository, git_home, remote, repository
from tests.plugin import plugin, plugin_home

__all__ = [
    "busy_repository",
    "empty_repository",
    "git_home",
    "plugin",
    "plugin_home",
    "remote",
    "repository",
    "state",
    "state_file",
]
