"""Text written by others, made fit to be kept and shown."""
