"""git, called safely."""
