"""What may begin now, and what has to wait."""
