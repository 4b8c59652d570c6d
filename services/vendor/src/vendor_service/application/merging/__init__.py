"""The queue of businesses that may be one, and what a human decides about them."""
