"""What Claude is told, what each hook answers, and which session owns a batch."""
