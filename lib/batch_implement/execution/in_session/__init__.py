"""What each hook of a session answers."""
