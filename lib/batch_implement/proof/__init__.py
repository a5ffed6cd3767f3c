"""What shows that a feature is done, collected by running and looking; nothing asks the model."""
