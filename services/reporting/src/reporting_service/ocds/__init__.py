"""Orders in the Open Contracting Data Standard 1.1 (domain.md 8.3): pure mapping from facts to documents."""
