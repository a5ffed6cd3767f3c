"""A batch from its plan to its report: each step a person, a hook or Claude can take."""
