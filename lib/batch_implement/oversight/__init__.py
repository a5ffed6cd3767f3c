"""Who works on a batch, whether they still do, and what it waits for."""
