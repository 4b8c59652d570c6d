"""Papers and readiness in PostgreSQL."""
