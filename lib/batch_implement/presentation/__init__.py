"""All that people and Claude read: pure readers of the state, and the prose."""
