"""Use cases, one a file; they know the domain and their own ports."""
