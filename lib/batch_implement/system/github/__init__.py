"""GitHub by way of gh, called safely."""
