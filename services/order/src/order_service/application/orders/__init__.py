"""Use cases of an order, from the draft to the last tax proof."""
