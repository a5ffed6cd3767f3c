"""What each test of a check came to, by its name where the runner tells it."""
