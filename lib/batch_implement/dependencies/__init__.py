"""Which features wait for which, and the order that follows."""
