"""Where features come from: a file, GitHub issues, a sentence."""
