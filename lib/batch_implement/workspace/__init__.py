"""A checkout in which a feature is worked: what changed in it, and whose change it is."""
