"""The edge: processes, git, GitHub, files, the clock and the settings."""
