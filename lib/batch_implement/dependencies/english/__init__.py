"""What the words of features say of each other."""
