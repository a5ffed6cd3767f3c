"""Claude Code as a program: installed at one version, and run without a terminal."""
