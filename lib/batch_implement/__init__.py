"""Implement a list of features unattended, one proven commit after the other."""

__version__ = "0.1.0"
