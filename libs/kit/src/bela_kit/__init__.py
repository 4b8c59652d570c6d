"""The plumbing that the services share; it has no word of their domains."""
