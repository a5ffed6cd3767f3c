from tests.batch_projects import state, state_file

__all__ = ["state", "state_file"]
