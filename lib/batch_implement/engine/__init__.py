"""A batch from its plan to its report: start, advance, done, fail, resume."""
