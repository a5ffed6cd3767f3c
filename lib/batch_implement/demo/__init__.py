"""The real client, driven by a scripted model on loopback: for ``demo`` and for the tests."""
