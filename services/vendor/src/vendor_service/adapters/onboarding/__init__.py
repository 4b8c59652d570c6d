"""Reviews, notices, activity, consents of agents and targets in PostgreSQL."""
