"""From a source of features to an order in which they can be built."""
