"""The batch on disk: its fields, its transitions, and the one door through which they are written."""
