"""Use cases of field visits."""
