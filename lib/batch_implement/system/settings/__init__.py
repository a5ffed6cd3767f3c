"""The settings in force, and what a person has answered."""
