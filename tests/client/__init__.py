"""The real client against a scripted model."""
