"""The supervisor of a stack: what it starts, in which order, and how it keeps it running."""
