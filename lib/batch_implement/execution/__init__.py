"""What drives the engine: the session's hooks, and the client as a process."""
